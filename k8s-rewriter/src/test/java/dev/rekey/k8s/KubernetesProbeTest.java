package dev.rekey.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.NodeException;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ApiServerStatus.Health;
import dev.rekey.spi.ApiServerStatus.Loaded;
import dev.rekey.spi.ClusterFacts;
import dev.rekey.spi.ClusterFacts.IdentityLease;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesProbeTest {
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String ID = "sha256:" + "fedcba9876543210".repeat(4);
    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
    private static final String ENDPOINTS = "/api/v1/namespaces/default/endpoints/kubernetes";
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    private final FakeApiServer fake = new FakeApiServer();
    private final CountDownLatch end = new CountDownLatch(1);

    @TempDir
    private Path directory;

    @BeforeEach
    void answerAsAHealthyApiServer() {
        version("v1.36.3");
        metrics("");
        fake.always("GET", "/readyz", r -> Answers.text(200, "[+]ping ok\n[+]kms-providers ok\nreadyz check passed\n"));
        fake.always("GET", NAMESPACES, r -> Answers.json(200, """
                {'kind':'PartialObjectMetadataList','metadata':{'resourceVersion':'4711'},\
                'items':[{'metadata':{'name':'kube-system','uid':'u-1','resourceVersion':'3'}}]}"""));
        fake.always("GET", LEASES, r -> Answers.json(200, """
                {'kind':'LeaseList','items':[{'metadata':{'name':'apiserver-x','labels':{'kubernetes.io/hostname':'cp1'}},\
                'spec':{'renewTime':'2026-11-25T04:16:38.773884Z'}}]}"""));
        fake.always("GET", ENDPOINTS, r -> Answers.json(200, """
                {'kind':'Endpoints','subsets':[{'addresses':[{'ip':'10.0.0.1'},{'ip':'fd00::2'}],'ports':[{'port':6443}]}]}"""));
    }

    @AfterEach
    void close() {
        end.countDown();
        fake.close();
    }

    @Test
    void aConfigurationIsLoaded_itsHashAndTheIdentityAreReported() {
        metrics(
                "apiserver_encryption_config_controller_last_config_info{apiserver_id_hash=\"%s\",hash=\"sha256:%s\"} 1\n"
                        .formatted(ID, HASH));

        ApiServerStatus status = probe();

        assertThat(status)
                .isEqualTo(new ApiServerStatus(
                        Health.READY,
                        "",
                        "v1.36.3",
                        ID,
                        Loaded.hash(HASH),
                        Instant.parse("2026-11-25T04:16:26.650Z"),
                        List.of()));
    }

    @Test
    void noConfigurationIsLoaded_noneIsReported() {
        assertThat(probe().loaded()).isEqualTo(Loaded.NONE);
        assertThat(probe().identity()).isEmpty();
    }

    @Test
    void anotherMetricHasTheIdentity_itIsTakenFromThere() {
        metrics(
                "apiserver_authentication_config_controller_last_config_info{apiserver_id_hash=\"%s\",hash=\"sha256:%s\"} 1\n"
                        .formatted(ID, HASH));

        assertThat(probe().identity()).isEqualTo(ID);
        assertThat(probe().loaded()).isEqualTo(Loaded.NONE);
    }

    @Test
    void aServerBefore134_absenceProvesNothing() {
        version("v1.33.9-eks-1");

        assertThat(probe().loaded()).isEqualTo(Loaded.UNKNOWN);
    }

    @Test
    void metricsSwitchedOff_absenceProvesNothing() {
        fake.always("GET", "/metrics", r -> Answers.text(200, "apiserver_request_total 5\ndisabled_metrics_total 1\n"));

        assertThat(probe().loaded()).isEqualTo(Loaded.UNKNOWN);
    }

    @Test
    void metricsOfSomethingElse_absenceProvesNothing() {
        fake.always("GET", "/metrics", r -> Answers.text(200, "<html>" + FakeApiServer.NEEDLE + "</html>"));

        assertThat(probe().loaded()).isEqualTo(Loaded.UNKNOWN);
    }

    @Test
    void metricsCutOffInTheMiddle_absenceProvesNothing() {
        fake.always("GET", "/metrics", r -> Answers.text(200, "apiserver_request_total 5\n", "Content-Length", "5000"));

        ApiServerStatus status = probe();

        assertThat(status.loaded()).isEqualTo(Loaded.UNKNOWN);
        assertThat(status.problem()).contains("/metrics: ");
    }

    @Test
    void twoHashesOrOneInAnotherForm_areUnknown() {
        String series =
                "apiserver_encryption_config_controller_last_config_info{apiserver_id_hash=\"\",hash=\"%s\"} 1\n";
        metrics(series.formatted("sha256:" + HASH) + series.formatted("sha256:" + HASH.replace('0', '1')));
        assertThat(probe().loaded()).isEqualTo(Loaded.UNKNOWN);

        metrics(series.formatted("k8s:enc:unstable:1:" + HASH));
        assertThat(probe().loaded()).isEqualTo(Loaded.UNKNOWN);
    }

    @Test
    void metricsForbidden_isReadyAndSaysWhyNothingIsKnown() {
        fake.always("GET", "/metrics", r -> Answers.status(403, "Forbidden", "cannot get path", "{}"));

        ApiServerStatus status = probe();

        assertThat(status.ready()).isTrue();
        assertThat(status.loaded()).isEqualTo(Loaded.UNKNOWN);
        assertThat(status.problem()).isEqualTo("cp1 at " + fake.url() + ", /metrics: 403 Forbidden");
    }

    @Test
    void failedChecks_areNamedAndThoseOfTheKmsApart() {
        fake.always("GET", "/readyz", r -> Answers.text(500, """
                [+]ping ok
                [-]kms-provider-0 failed: reason withheld
                [-]informer-sync failed: reason withheld
                readyz check failed
                """));

        ApiServerStatus status = probe();

        assertThat(status.health()).isEqualTo(Health.NOT_READY);
        assertThat(status.failedKmsChecks()).containsExactly("kms-provider-0");
        assertThat(status.problem()).isEqualTo("cp1 at " + fake.url() + " is not ready: kms-provider-0, informer-sync");
    }

    @Test
    void nobodyThere_isAnAnswer() {
        URI nobody = URI.create("http://127.0.0.1:1");
        KubernetesProbe probe = new KubernetesProbe(TestServers.of(directory, nobody), true, Duration.ofSeconds(5));

        assertThat(probe.probe("cp1"))
                .isEqualTo(ApiServerStatus.unreachable(
                        "cp1 at http://127.0.0.1:1: the connection is refused, or there is no way to it"));
    }

    @Test
    void anApiServerThatHangs_isUnreachableWhenTimeRunsOut() {
        fake.always("GET", "/version", r -> {
            end.await();
            return Answers.json(200, "{}");
        });
        KubernetesProbe probe =
                new KubernetesProbe(TestServers.of(directory, fake.url()), true, Duration.ofMillis(300));

        assertThat(probe.probe("cp1").problem()).endsWith("no answer in time");
    }

    @Test
    void whatAnswersIsNoApiServer_itSaysSo() {
        fake.always("GET", "/version", r -> Answers.json(200, "{'gitVersion':'" + FakeApiServer.NEEDLE + "'}"));
        assertThat(probe().problem()).isEqualTo("cp1 at " + fake.url() + " answers, but is no apiserver");

        fake.always("GET", "/version", r -> Answers.text(200, "<html>"));
        assertThat(probe().problem()).endsWith("/version: the answer is not what an apiserver gives");
        assertThat(probe().health()).isEqualTo(Health.NOT_READY);
    }

    @Test
    void aMemberWithoutAnAddress_isRefused() {
        KubernetesProbe members =
                new KubernetesProbe(TestServers.of(directory, fake.url()), true, Duration.ofSeconds(5));
        assertThatThrownBy(() -> members.probe("cp9"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("member cp9 has no address of its apiserver; nothing was asked. Give one for it");

        KubernetesProbe balancer =
                new KubernetesProbe(TestServers.of(directory, fake.url()), false, Duration.ofSeconds(5));
        assertThatThrownBy(() -> balancer.probe("cp1"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("may be a balancer's")
                .hasMessageContaining("Give each member's own address, as https://10.0.0.1:6443 for cp1");
    }

    @Test
    void facts_areReadThroughOneApiServerAndTheRevisionFromEtcd() {
        ClusterFacts facts = cluster(fake.url());

        assertThat(facts)
                .isEqualTo(new ClusterFacts(
                        "u-1",
                        4711,
                        List.of(new IdentityLease(
                                "apiserver-x",
                                "sha256:b25bbe6a8fb4631cebbf41002a2d7be5475c4b57fe098590eab4dd9f5a2dbb37",
                                "cp1",
                                Instant.parse("2026-11-25T04:16:38.773884Z"))),
                        List.of("10.0.0.1:6443", "[fd00::2]:6443")));
        assertThat(fake.requests())
                .contains(
                        "GET /api/v1/namespaces?fieldSelector=metadata.name%3Dkube-system&resourceVersion=4711&resourceVersionMatch=Exact");
    }

    @Test
    void aListAheadOfEtcd_givesEtcdsOwnRevision() {
        fake.once("GET", NAMESPACES, r -> Answers.json(200, """
                {'kind':'PartialObjectMetadataList','metadata':{'resourceVersion':'4711'},'items':[{'metadata':{'uid':'u-1'}}]}"""));
        fake.once(
                "GET",
                NAMESPACES,
                r -> Answers.status(504, "Timeout", "Timeout: Too large resource version: 4711, current: 42", "{}"));

        assertThat(cluster(fake.url()).revision()).isEqualTo(42);
    }

    @Test
    void theFirstMemberIsDown_theNextIsAsked() {
        assertThat(cluster(URI.create("http://127.0.0.1:1"), fake.url()).uid()).isEqualTo("u-1");
    }

    @Test
    void noMemberAnswers_eachOneSaysWhy() {
        fake.always("GET", NAMESPACES, r -> Answers.status(403, "Forbidden", "cannot list", "{}"));

        assertThatThrownBy(() -> cluster(URI.create("http://127.0.0.1:1"), fake.url()))
                .isInstanceOf(NodeException.class)
                .hasMessage(
                        "no apiserver could be asked for the cluster's facts: cp1 at http://127.0.0.1:1: the connection is"
                                + " refused, or there is no way to it; cp2 at " + fake.url()
                                + ": 403 Forbidden. Nothing was changed;"
                                + " mend that, then make the same call again")
                .hasNoCause();
    }

    @Test
    void rightsThatAreDenied_areNamedAsPeopleSayThem() {
        fake.always(
                "POST",
                REVIEWS,
                r -> Answers.json(
                        201, "{'status':{'allowed':" + !r.getBody().utf8().contains("\"patch\"") + "}}"));
        KubernetesProbe probe =
                new KubernetesProbe(TestServers.of(directory, fake.url()), true, Duration.ofSeconds(20));

        assertThat(probe.missingRights(List.of("secrets", "*.apps", "*.", "*.*")))
                .containsExactly(
                        "patch secrets",
                        "patch *.apps",
                        "patch *.",
                        "patch *.*",
                        "patch configmaps/kubeadm-config in kube-system");
    }

    private void version(String version) {
        fake.always("GET", "/version", r -> Answers.json(200, "{'gitVersion':'" + version + "'}"));
    }

    private void metrics(String more) {
        fake.always("GET", "/metrics", r -> Answers.text(200, """
                # HELP apiserver_request_total of the %s
                apiserver_request_total{code="200"} 5
                disabled_metrics_total 0
                process_start_time_seconds 1.79558018665e+09
                """.formatted(FakeApiServer.NEEDLE) + more));
    }

    private ApiServerStatus probe() {
        return new KubernetesProbe(TestServers.of(directory, fake.url()), true, Duration.ofSeconds(20)).probe("cp1");
    }

    private ClusterFacts cluster(URI... addresses) {
        return new KubernetesProbe(TestServers.of(directory, addresses), true, Duration.ofSeconds(20)).cluster();
    }
}
