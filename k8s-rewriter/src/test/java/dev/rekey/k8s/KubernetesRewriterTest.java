package dev.rekey.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.StoppedException;
import dev.rekey.spi.RewriteProgress;
import dev.rekey.spi.RewriteReport;
import dev.rekey.spi.RewriteReport.Counts;
import dev.rekey.spi.RewriteReport.Failure;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesRewriterTest {
    private static final RewriteProgress NOBODY_LOOKS = (resource, counts) -> {};

    private final FakeApiServer fake = new FakeApiServer();
    private final FakePace pace = new FakePace();
    private final CountDownLatch end = new CountDownLatch(1);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        end.countDown();
        fake.close();
    }

    @Test
    void staleAndCurrentObjects_theStaleOnesAreWrittenAndBothAreCounted() {
        fake.staleSecret("a");
        fake.currentSecret("b");
        fake.staleSecret("c");

        RewriteReport report = rewrite("secrets");

        assertThat(report).isEqualTo(new RewriteReport(List.of("secrets"), new Counts(2, 1, 0, 0), List.of(), ""));
        assertThat(report.complete()).isTrue();
        assertThat(fake.allCurrent()).isTrue();
    }

    @Test
    void nothingStored_completeAndEmpty() {
        assertThat(rewrite("secrets")).isEqualTo(new RewriteReport(List.of("secrets"), Counts.NONE, List.of(), ""));
    }

    @Test
    void moreThanAPage_isWalkedInPagesOf500WithoutAResourceVersion() {
        for (int i = 0; i < 1200; i++) {
            fake.staleSecret("s%04d".formatted(i));
        }

        assertThat(rewrite("secrets").counts()).isEqualTo(new Counts(1200, 0, 0, 0));

        List<String> lists = fake.requests().stream()
                .filter(r -> r.startsWith("GET /api/v1/secrets"))
                .toList();
        assertThat(lists)
                .containsExactly(
                        "GET /api/v1/secrets?limit=500",
                        "GET /api/v1/secrets?continue=s0500&limit=500",
                        "GET /api/v1/secrets?continue=s1000&limit=500");
    }

    @Test
    void anObjectDeletedMeanwhile_isGoneAndNoFailure() {
        fake.staleSecret("a");
        fake.once("PATCH", FakeApiServer.path("a"), r -> Answers.notFound("a"));

        assertThat(rewrite("secrets").counts()).isEqualTo(new Counts(0, 0, 1, 0));
    }

    @Test
    void aNotFoundThatIsNotAboutTheObject_isAFailure() {
        fake.staleSecret("a");
        fake.staleSecret("b");
        fake.always("PATCH", FakeApiServer.path("a"), r -> Answers.text(404, "404 page not found"));
        fake.always("PATCH", FakeApiServer.path("b"), r -> Answers.status(404, "NotFound", "says a webhook", "{}"));

        RewriteReport report = rewrite("secrets");

        assertThat(report.counts()).isEqualTo(new Counts(0, 0, 0, 2));
        assertThat(report.failed()).extracting(Failure::name).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aConflict_isTriedAgain() {
        fake.staleSecret("a");
        fake.once("PATCH", FakeApiServer.path("a"), r -> Answers.status(409, "Conflict", "modified", "{}"));

        assertThat(rewrite("secrets").counts()).isEqualTo(new Counts(1, 0, 0, 0));
    }

    @Test
    void tooManyRequests_waitsAsLongAsTheServerAsks() {
        fake.staleSecret("a");
        fake.once("PATCH", FakeApiServer.path("a"), r -> Answers.text(429, "Too many requests", "Retry-After", "7"));

        assertThat(rewrite("secrets").counts()).isEqualTo(new Counts(1, 0, 0, 0));
        assertThat(pace.slept()).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void busyForEver_isGivenUpAfterGrowingPauses() {
        fake.staleSecret("a");
        fake.always("PATCH", FakeApiServer.path("a"), r -> Answers.text(503, "shutting down"));

        RewriteReport report = rewrite("secrets");

        assertThat(report.failed())
                .extracting(Failure::reason)
                .containsExactly("503 by something that is no apiserver, or starts or stops");
        assertThat(pace.slept()).hasSize(9).isSorted().endsWith(Duration.ofSeconds(15));
    }

    @Test
    void anInvalidObject_isNamedWithWhatIsWrongAndTheOthersAreRewritten() {
        fake.staleSecret("a");
        fake.staleSecret("bad");
        fake.staleSecret("z");
        fake.always(
                "PATCH",
                FakeApiServer.path("bad"),
                r -> Answers.status(
                        422,
                        "Invalid",
                        "is invalid",
                        "{'name':'bad','causes':[{'reason':'FieldValueRequired','message':'Required value','field':'data[tls.crt]'}]}"));

        RewriteReport report = rewrite("secrets");

        assertThat(report.counts()).isEqualTo(new Counts(2, 0, 0, 1));
        assertThat(report.failed())
                .containsExactly(
                        new Failure("secrets", "default", "bad", "422 Invalid: data[tls.crt] FieldValueRequired"));
        assertThat(report.complete()).isFalse();
        assertThat(report.stoppedEarly()).isEmpty();
        assertThat(fake.count("PATCH " + FakeApiServer.path("bad"))).isEqualTo(1);
    }

    @Test
    void anUnreadableObject_isNamedAndNotAskedForAgain() {
        fake.staleSecret("a");
        fake.always(
                "PATCH",
                FakeApiServer.path("a"),
                r -> Answers.status(500, "InternalError", "Internal error occurred: no matching prefix found", "{}"));

        assertThat(rewrite("secrets").failed())
                .containsExactly(new Failure(
                        "secrets",
                        "default",
                        "a",
                        "500 InternalError: no key that the apiserver has loaded decrypts what is stored"));
        assertThat(fake.count("PATCH")).isEqualTo(1);
    }

    @Test
    void fiftyInvalidObjectsInARow_areAllNamed() {
        for (int i = 0; i < 50; i++) {
            String name = "bad%02d".formatted(i);
            fake.staleSecret(name);
            fake.always("PATCH", FakeApiServer.path(name), r -> Answers.status(422, "Invalid", "is invalid", "{}"));
        }
        fake.staleSecret("z");

        RewriteReport report = rewrite("secrets");

        assertThat(report.counts()).isEqualTo(new Counts(1, 0, 0, 50));
        assertThat(report.failed()).hasSize(50);
    }

    @Test
    void everyObjectForbidden_stopsAfterTwentyInARow() {
        for (int i = 0; i < 100; i++) {
            String name = "s%02d".formatted(i);
            fake.staleSecret(name);
            fake.always("PATCH", FakeApiServer.path(name), r -> Answers.status(403, "Forbidden", "cannot patch", "{}"));
        }

        RewriteReport report = rewrite("secrets");

        assertThat(report.stoppedEarly())
                .startsWith("20 objects in a row could not be rewritten, the last because: 403 Forbidden");
        assertThat(report.failed()).hasSize(20);
    }

    @Test
    void etcdIsFull_stopsAtOnceAndSaysCompactAndDefragment() {
        fake.staleSecret("a");
        fake.always(
                "PATCH",
                FakeApiServer.path("a"),
                r -> Answers.status(500, "InternalError", "etcdserver: mvcc: database space exceeded", "{}"));

        assertThat(rewrite("secrets").stoppedEarly()).contains("compact and defragment");
        assertThat(fake.count("PATCH")).isEqualTo(1);
    }

    @Test
    void anExpiredList_goesOnWithTheTokenOfTheAnswer() {
        for (int i = 0; i < 700; i++) {
            fake.staleSecret("s%04d".formatted(i));
        }
        fake.once("GET", FakeApiServer.SECRETS, r -> Answers.json(410, """
                {'kind':'Status','reason':'Expired','code':410,'metadata':{'continue':'s0600'}}"""));

        assertThat(rewrite("secrets").counts()).isEqualTo(new Counts(100, 0, 0, 0));
        assertThat(fake.requests()).contains("GET /api/v1/secrets?continue=s0600&limit=500");
    }

    @Test
    void aListThatIsForbidden_leavesTheRunIncomplete() {
        fake.always("GET", FakeApiServer.SECRETS, r -> Answers.status(403, "Forbidden", "cannot list", "{}"));

        RewriteReport report = rewrite("secrets");

        assertThat(report.failed()).containsExactly(new Failure("secrets", "", "", "cannot be listed: 403 Forbidden"));
        assertThat(report.complete()).isFalse();
    }

    @Test
    void aListThatFailsOnOneObject_namesWhatIsStoredThere() {
        fake.always(
                "GET",
                FakeApiServer.SECRETS,
                r -> Answers.status(
                        500,
                        "InternalError",
                        "unable to transform key \\\"/registry/secrets/default/old1\\\": no matching prefix found",
                        "{}"));

        assertThat(rewrite("secrets").failed())
                .extracting(Failure::reason)
                .containsExactly(
                        "cannot be listed: 500 InternalError: no key that the apiserver has loaded decrypts what is stored at"
                                + " /registry/secrets/default/old1");
    }

    @Test
    void aListOfWhatEtcdDoesNotHold_stopsBeforeAnythingIsPatched() {
        fake.staleSecret("a");
        fake.always(
                "GET",
                "/api/v1/namespaces/kube-system/secrets",
                r -> Answers.status(
                        504,
                        "Timeout",
                        "Timeout: Too large resource version: 101, current: 57",
                        "{'causes':[{'reason':'ResourceVersionTooLarge'}]}"));

        assertThat(rewrite("secrets").stoppedEarly()).contains("etcd was put back");
        assertThat(fake.count("PATCH")).isZero();
    }

    @Test
    void anAnswerWithAnOlderVersionThanListed_stops() {
        fake.staleSecret("a");
        fake.once("PATCH", FakeApiServer.path("a"), r -> Answers.json(200, Answers.object("default", "a", 5)));

        assertThat(rewrite("secrets").stoppedEarly()).contains("etcd was put back");
    }

    @Test
    void anAnswerThatIsNoObject_isAFailure() {
        for (String name : List.of("a", "b", "c", "d")) {
            fake.staleSecret(name);
        }
        fake.once("PATCH", FakeApiServer.path("a"), r -> Answers.text(200, "<html>" + FakeApiServer.NEEDLE));
        fake.once("PATCH", FakeApiServer.path("b"), r -> Answers.json(200, "{}"));
        fake.once("PATCH", FakeApiServer.path("c"), r -> Answers.json(200, Answers.object("default", "x", 5)));

        RewriteReport report = rewrite("secrets");

        assertThat(report.counts()).isEqualTo(new Counts(1, 0, 0, 3));
        assertThat(report.failed())
                .extracting(Failure::reason)
                .containsOnly("the answer is not what an apiserver gives", "the answer is about another object");
    }

    @Test
    void aRedirect_isNotFollowed() {
        fake.staleSecret("a");
        fake.always("PATCH", FakeApiServer.path("a"), r -> Answers.text(307, "", "Location", "/elsewhere"));

        assertThat(rewrite("secrets").failed())
                .extracting(Failure::reason)
                .containsExactly("307: a redirect, which is not followed");
        assertThat(fake.count("PATCH /elsewhere")).isZero();
    }

    @Test
    void aResourceThatNobodyServes_isReportedAsThat() {
        RewriteReport report = rewrite("widgets.example.com");

        assertThat(report)
                .isEqualTo(new RewriteReport(List.of("widgets.example.com (not served)"), Counts.NONE, List.of(), ""));
        assertThat(report.complete()).isTrue();
    }

    @Test
    void discoveryThatIsNoDiscovery_isAFailureAndNotAnAbsence() {
        fake.always("GET", "/api/v1", r -> Answers.json(200, "{'kind':'Table'}"));

        assertThat(rewrite("secrets").complete()).isFalse();
    }

    @Test
    void aMemberWhoseConnectionIsLost_isLeftForTheNext() {
        try (FakeApiServer dying = new FakeApiServer()) {
            fake.staleSecret("a");
            dying.always("GET", "/api", r -> Answers.cut());

            RewriteReport report = rewriter(dying.url(), fake.url()).rewrite(List.of("secrets"), NOBODY_LOOKS);

            assertThat(report.counts()).isEqualTo(new Counts(1, 0, 0, 0));
            assertThat(dying.count("GET /api")).isPositive();
        }
    }

    @Test
    void noApiServerAtAll_stopsAndSaysSo() {
        URI nobody = URI.create("http://127.0.0.1:1");

        RewriteReport report = rewriter(nobody).rewrite(List.of("secrets"), NOBODY_LOOKS);

        assertThat(report.stoppedEarly()).startsWith("no apiserver answers any more (the connection is refused");
        assertThat(pace.slept()).hasSize(9);
    }

    @Test
    void aTokenThatHasRunOut_isReadAnewOnce() {
        fake.staleSecret("a");
        Path token = TestServers.write(directory.resolve("token"), "old\n");
        Kubeconfig kubeconfig = Kubeconfig.read(TestServers.kubeconfig(directory, fake.url(), "tokenFile: token"));
        ApiServers servers = new ApiServers(List.of(ApiServer.at("cp1", fake.url(), "", kubeconfig)));
        fake.once("PATCH", FakeApiServer.path("a"), r -> {
            TestServers.write(token, "new\n");
            return Answers.status(401, "Unauthorized", "Unauthorized", "{}");
        });

        RewriteReport report =
                new KubernetesRewriter(servers, pace, Duration.ofSeconds(1)).rewrite(List.of("secrets"), NOBODY_LOOKS);

        assertThat(report.counts()).isEqualTo(new Counts(1, 0, 0, 0));
        assertThat(fake.authorizations()).endsWith("Bearer old", "Bearer new");
    }

    @Test
    void aTokenThatIsRefusedForGood_stops() {
        fake.staleSecret("a");
        fake.always("PATCH", FakeApiServer.path("a"), r -> Answers.status(401, "Unauthorized", "Unauthorized", "{}"));

        assertThat(rewrite("secrets").stoppedEarly())
                .startsWith("401 Unauthorized: the kubeconfig's credentials are not accepted");
    }

    @Test
    void aRequestThatHangs_progressIsToldAllTheWhile() {
        fake.staleSecret("a");
        fake.once("PATCH", FakeApiServer.path("a"), r -> {
            end.await();
            return Answers.json(200, Answers.object("default", "a", 500));
        });
        AtomicInteger told = new AtomicInteger();
        Thread caller = Thread.currentThread();

        RewriteReport report = rewriter(fake.url()).rewrite(List.of("secrets"), (resource, counts) -> {
            assertThat(Thread.currentThread()).isEqualTo(caller);
            if (fake.count("PATCH") == 1 && told.incrementAndGet() == 5) {
                end.countDown();
            }
        });

        assertThat(told.get()).isGreaterThanOrEqualTo(5);
        assertThat(report.counts()).isEqualTo(new Counts(1, 0, 0, 0));
    }

    @Test
    void progressThatThrows_endsThePassWithWhatItThrewAndLeavesNoThread() {
        fake.staleSecret("a");
        fake.once("PATCH", FakeApiServer.path("a"), r -> {
            end.await();
            return Answers.json(200, "{}");
        });
        StoppedException stop = new StoppedException("the lock was lost");

        assertThatThrownBy(() -> rewriter(fake.url()).rewrite(List.of("secrets"), (resource, counts) -> {
                    if (fake.count("PATCH") == 1) {
                        throw stop;
                    }
                }))
                .isSameAs(stop);
        assertThat(ourThreads()).isEmpty();
    }

    @Test
    void aFinishedPass_leavesNoThread() {
        fake.staleSecret("a");

        rewrite("secrets");

        assertThat(ourThreads()).isEmpty();
    }

    @Test
    void aClosedRewriter_refuses() {
        KubernetesRewriter rewriter = rewriter(fake.url());
        rewriter.close();

        assertThatThrownBy(() -> rewriter.rewrite(List.of("secrets"), NOBODY_LOOKS))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void progress_namesTheResourceAndEndsWithTheCounts() {
        fake.staleSecret("a");
        List<String> told = new ArrayList<>();

        rewriter(fake.url())
                .rewrite(List.of("secrets"), (resource, counts) -> told.add(resource + " " + counts.total()));

        assertThat(told).startsWith("secrets 0").endsWith("secrets 1");
    }

    private RewriteReport rewrite(String... rules) {
        return rewriter(fake.url()).rewrite(List.of(rules), NOBODY_LOOKS);
    }

    private KubernetesRewriter rewriter(URI... addresses) {
        return new KubernetesRewriter(TestServers.of(directory, addresses), pace, Duration.ofMillis(20));
    }

    private static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("rekey-"))
                .toList();
    }
}
