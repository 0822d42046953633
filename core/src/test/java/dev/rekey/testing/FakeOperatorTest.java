package dev.rekey.testing;

import static dev.rekey.testing.Situations.aescbc;
import static dev.rekey.testing.Situations.put;
import static dev.rekey.testing.Situations.running;
import static dev.rekey.testing.Situations.secrets;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.NodeException;
import dev.rekey.StoppedException;
import dev.rekey.config.KeyRef;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ApiServerStatus.Health;
import dev.rekey.spi.ApiServerStatus.Loaded;
import dev.rekey.spi.ClusterFacts.IdentityLease;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.Guard;
import dev.rekey.spi.KubeadmConfig;
import dev.rekey.spi.NodeTransport;
import dev.rekey.spi.RewriteReport;
import dev.rekey.spi.RewriteReport.Counts;
import dev.rekey.spi.RewriteReport.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The plugs, as an operator meets them. */
class FakeOperatorTest {
    private static final NodePath FILE = NodePath.of("/etc/kubernetes/rekey/lock");
    private static final byte[] ONE = "one".getBytes(UTF_8);
    private static final byte[] TWO = "two".getBytes(UTF_8);

    private final FakeControlPlane plane = FakeControlPlane.withMembers(3);
    private final FakeMember cp1 = plane.member("cp1");

    @Test
    void killedBeforeAWriteNothingIsThere() {
        NodeTransport transport = plane.transport("cp1");
        plane.operator().crashBefore(1);

        assertThatThrownBy(() -> write(transport, ONE)).isInstanceOf(SimulatedCrash.class);

        assertThat(cp1.file(FILE)).isEmpty();
        assertThat(plane.operations()).isEmpty();
    }

    @Test
    void killedWithinAWriteItsDotfileIsThere() {
        NodeTransport transport = plane.transport("cp1");
        plane.operator().crashWithin(1);

        assertThatThrownBy(() -> write(transport, ONE)).isInstanceOf(SimulatedCrash.class);

        assertThat(cp1.file(FILE)).isEmpty();
        assertThat(plane.transport("cp1").list(FILE.parent()))
                .singleElement()
                .asString()
                .startsWith(".rekey-");
    }

    @Test
    void killedWithinADeleteTheFileLiesInADirectoryToBeSwept() {
        NodeTransport transport = plane.transport("cp1");
        write(transport, ONE);
        plane.operator().crashWithin(1);

        assertThatThrownBy(() -> transport.delete(FILE, List.of())).isInstanceOf(SimulatedCrash.class);

        assertThat(cp1.file(FILE)).isEmpty();
        NodeTransport next = plane.newOperator().transport("cp1");
        assertThat(next.list(FILE.parent())).hasSize(1).allMatch(name -> name.startsWith(".rekey-"));
        NodePath directory = FILE.parent().resolve(next.list(FILE.parent()).get(0));
        assertThat(next.list(directory))
                .singleElement()
                .satisfies(
                        name -> assertThat(next.read(directory.resolve(name))).contains(ONE));
    }

    @Test
    void killedAfterTheSecondWriteBothAreThereAndItsPlugsAreDeadForEver() {
        FakeOperator killed = plane.operator();
        NodeTransport transport = killed.transport("cp1");
        killed.crashAfter(2);
        write(transport, ONE);
        assertThatThrownBy(() -> write(transport, TWO))
                .isInstanceOf(SimulatedCrash.class)
                .hasMessage("the operator was killed after: write cp1:" + FILE);

        assertThat(cp1.file(FILE)).contains("two");
        assertThatThrownBy(() -> transport.delete(FILE, List.of())).isInstanceOf(SimulatedCrash.class);
        assertThatThrownBy(() -> killed.pace().elapsed()).isInstanceOf(SimulatedCrash.class);
        plane.transport("cp1").delete(FILE, List.of());
        assertThat(cp1.file(FILE)).isEmpty();
        assertThat(plane.operations()).containsExactly("write cp1:" + FILE, "write cp1:" + FILE, "delete cp1:" + FILE);
    }

    @Test
    void ofTwoOperatorsOneIsKilledAndTheOtherGoesOn() {
        FakeOperator other = plane.newOperator();
        plane.operator().crashBefore(1);
        assertThatThrownBy(() -> plane.pace().sleep(Duration.ofSeconds(1))).isInstanceOf(SimulatedCrash.class);

        other.pace().sleep(Duration.ofSeconds(1));

        assertThat(other.dead()).isFalse();
        assertThat(plane.operations()).containsExactly("sleep PT1S");
    }

    @Test
    void ofTwoExclusiveWritersOneFails() {
        write(plane.transport("cp1"), ONE, Guard.absent(FILE));

        assertThatThrownBy(() -> write(plane.transport("cp1"), TWO, Guard.absent(FILE)))
                .isInstanceOf(ChangedMeanwhileException.class);

        assertThat(cp1.file(FILE)).contains("one");
    }

    @Test
    void aGuardOnAnotherFileMustHold() {
        NodePath guarded = NodePath.of("/etc/kubernetes/rekey/other");
        write(plane.transport("cp1"), ONE);

        plane.transport("cp1").writeAtomically(guarded, TWO, FileAttributes.ROOT_ONLY, List.of(Guard.holds(FILE, ONE)));
        assertThatThrownBy(() -> plane.transport("cp1").delete(guarded, List.of(Guard.holds(FILE, TWO))))
                .isInstanceOf(ChangedMeanwhileException.class)
                .hasMessageContaining("cp1:" + FILE + ": the file is another one; " + guarded + " was left as it was");

        assertThat(cp1.file(guarded)).contains("two");
    }

    @Test
    void missingParentsAreMadeAndADirectoryGoesOnlyWhenEmpty() {
        NodeTransport transport = plane.transport("cp1");
        write(transport, ONE);

        assertThat(transport.stat(FILE.parent()).orElseThrow())
                .extracting(FileStatus::type, FileStatus::mode)
                .containsExactly(FileStatus.Type.DIRECTORY, 0700);
        assertThat(transport.stat(FILE).orElseThrow())
                .extracting(FileStatus::type, FileStatus::mode, FileStatus::size)
                .containsExactly(FileStatus.Type.FILE, 0600, 3L);
        assertThatThrownBy(() -> transport.delete(FILE.parent(), List.of())).isInstanceOf(NodeException.class);
        assertThatThrownBy(() -> transport.read(FILE.parent())).isInstanceOf(NodeException.class);
        transport.delete(FILE, List.of());
        transport.delete(FILE.parent(), List.of());
        transport.delete(FILE.parent(), List.of());
        assertThat(transport.stat(FILE.parent())).isEmpty();
        assertThat(transport.list(FILE.parent())).isEmpty();
    }

    @Test
    void lookingChangesNeitherFilesNorTimes() {
        Map<NodePath, FileStatus> before = cp1.statuses();
        plane.transport("cp1").read(plane.layout().manifest());
        plane.transport("cp1").list(plane.layout().manifest().parent());
        plane.probe().cluster();

        assertThat(cp1.statuses()).isEqualTo(before);
        write(plane.transport("cp1"), ONE);
        assertThat(cp1.statuses()).isNotEqualTo(before);
    }

    @Test
    void connectionsAreLostBeforeOrAfterTheWriteTookEffect() {
        cp1.once(Fault.CONNECTION_LOST_BEFORE_WRITE);
        assertThatThrownBy(() -> write(plane.transport("cp1"), ONE)).isInstanceOf(NodeException.class);
        assertThat(cp1.file(FILE)).isEmpty();

        cp1.once(Fault.CONNECTION_LOST_AFTER_WRITE);
        assertThatThrownBy(() -> write(plane.transport("cp1"), ONE)).isInstanceOf(NodeException.class);
        assertThat(cp1.file(FILE)).contains("one");

        write(plane.transport("cp1"), TWO);
        assertThat(cp1.file(FILE)).contains("two");
    }

    @Test
    void aTransportIsDownUntilItIsMendedWhileTheApiserverLives() {
        cp1.always(Fault.TRANSPORT_DOWN);
        assertThatThrownBy(() -> plane.transport("cp1").read(FILE)).isInstanceOf(NodeException.class);
        assertThatThrownBy(() -> plane.transport("cp1").stat(FILE)).isInstanceOf(NodeException.class);
        assertThat(plane.probe().probe("cp1").ready()).isTrue();
        assertThat(plane.transport("cp2").read(FILE)).isEmpty();

        cp1.mend();

        assertThat(plane.transport("cp1").read(FILE)).isEmpty();
    }

    @Test
    void anApiserverThatDoesNotReloadKeepsTheOldUntilMended() {
        FakeControlPlane encrypted = running(secrets("k1", "identity"));
        Loaded before = encrypted.member("cp2").loaded();
        encrypted.member("cp2").always(Fault.APISERVER_DOES_NOT_RELOAD);
        encrypted.members().forEach(member -> put(encrypted, member, secrets("k1", "k2", "identity")));
        encrypted.passTime(Duration.ofHours(1));
        assertThat(encrypted.probe().probe("cp2").loaded()).isEqualTo(before);
        assertThat(encrypted.probe().probe("cp1").loaded()).isNotEqualTo(before);

        encrypted.member("cp2").mend();
        encrypted.passTime(Duration.ofSeconds(60));

        assertThat(encrypted.probe().probe("cp2").loaded()).isNotEqualTo(before);
    }

    @Test
    void anApiserverThatDoesNotStartOnceComesUpAfterThePause() {
        cp1.once(Fault.APISERVER_DOES_NOT_START);
        cp1.restart();
        assertThat(cp1.running()).isFalse();
        assertThat(plane.probe().probe("cp1")).isEqualTo(ApiServerStatus.unreachable("connection refused"));

        plane.passTime(Duration.ofSeconds(15));

        assertThat(plane.probe().probe("cp1").ready()).isTrue();
    }

    @Test
    void anApiserverSaysWhatItHasLoadedAndWhenItBegan() {
        ApiServerStatus plain = plane.probe().probe("cp1");
        assertThat(plain.loaded()).isEqualTo(Loaded.NONE);
        assertThat(plain.version()).isEqualTo("v1.36.3");
        cp1.put(plane.layout().managedPath(), secrets("identity", "k1"));
        cp1.put(plane.layout().manifest(), Situations.encrypting(plane, cp1));
        plane.passTime(Duration.ofSeconds(5));

        ApiServerStatus encrypting = plane.probe().probe("cp1");

        assertThat(encrypting.health()).isEqualTo(Health.READY);
        assertThat(encrypting.loaded()).isEqualTo(HarmTest.fileHash(plane, "cp1"));
        assertThat(encrypting.started()).isAfter(plain.started());
        assertThat(encrypting.identity()).isEqualTo(plain.identity());
        assertThat(plane.probe().cluster().leases())
                .extracting(IdentityLease::identity)
                .contains(plain.identity())
                .doesNotHaveDuplicates();
    }

    @Test
    void anOlderApiserverDoesNotSayWhatItHasLoaded() {
        FakeControlPlane old =
                FakeControlPlane.builder().version("v1.33.1").members(1).build();

        assertThat(old.probe().probe("cp1").loaded()).isEqualTo(Loaded.UNKNOWN);
    }

    @Test
    void leasesOfTheLivingMoveAndThoseOfTheDeadStayForAnHour() {
        plane.addLease("stranger", true);
        plane.addLease("gone", false);
        plane.member("cp3").stop();
        Map<String, java.time.Instant> before = renewals();
        plane.passTime(Duration.ofSeconds(30));
        Map<String, java.time.Instant> after = renewals();

        assertThat(before.keySet()).containsExactlyInAnyOrder("cp1", "cp2", "cp3", "stranger", "gone");
        assertThat(after.get("cp1")).isEqualTo(before.get("cp1").plusSeconds(30));
        assertThat(after.get("stranger")).isEqualTo(before.get("stranger").plusSeconds(30));
        assertThat(after.get("cp3")).isEqualTo(before.get("cp3"));
        assertThat(after.get("gone")).isEqualTo(before.get("gone"));
        assertThat(plane.probe().cluster().endpoints()).containsExactly("10.0.0.1:6443", "10.0.0.2:6443");
        plane.passTime(Duration.ofHours(1));
        assertThat(renewals().keySet()).containsExactlyInAnyOrder("cp1", "cp2", "stranger");
    }

    @Test
    void withoutAnyApiserverNothingIsKnownOfTheCluster() {
        plane.members().forEach(member -> plane.member(member).stop());

        assertThatThrownBy(() -> plane.probe().cluster()).isInstanceOf(NodeException.class);
        assertThatThrownBy(() -> plane.kubeadm().read()).isInstanceOf(NodeException.class);
    }

    @Test
    void kubeadmsConfigurationIsReplacedOnlyAsItWasRead() {
        KubeadmConfig.Document read = plane.kubeadm().read().orElseThrow();
        plane.putKubeadmText("by somebody else");
        assertThatThrownBy(() -> plane.kubeadm().replace(read, "mine")).isInstanceOf(ChangedMeanwhileException.class);
        assertThat(plane.kubeadmText()).isEqualTo("by somebody else");

        plane.kubeadm().replace(plane.kubeadm().read().orElseThrow(), "mine");

        assertThat(plane.kubeadm().read().map(KubeadmConfig.Document::text)).contains("mine");
        assertThat(FakeControlPlane.builder().kubeadm("").build().kubeadm().read())
                .isEqualTo(Optional.empty());
    }

    @Test
    void aPassWritesWhatIsStaleAndReportsWhatItCannot() {
        FakeControlPlane encrypted = running(secrets("k2", "k1", "identity"));
        List<FakeObject> secrets = encrypted.createSecrets(5);
        encrypted.etcd().put(secrets.get(0), aescbc("k1"), "a");
        encrypted.etcd().put(secrets.get(1), aescbc("k1"), "b");
        encrypted.etcd().breakObject(secrets.get(1));
        encrypted.etcd().put(secrets.get(2), aescbc("lost"), "c");
        List<Counts> progress = new ArrayList<>();

        RewriteReport report = encrypted.rewriter().rewrite(List.of("secrets"), (resource, counts) -> {
            progress.add(counts);
            if (counts.total() == 4) {
                encrypted.member("cp1").delete(secrets.get(4));
            }
        });

        assertThat(report.counts()).isEqualTo(new Counts(1, 1, 1, 2));
        assertThat(report.failed())
                .containsExactly(
                        new Failure("secrets", "default", "secret-2", "422 Invalid"),
                        new Failure(
                                "secrets",
                                "default",
                                "secret-3",
                                "500 Internal error occurred: no matching prefix found"));
        assertThat(report.complete()).isFalse();
        assertThat(progress).hasSize(6);
        assertThat(encrypted.member("cp2").read(secrets.get(0)).text()).isEqualTo("a");
    }

    @Test
    void wildcardsFindTheirResources() {
        FakeControlPlane encrypted = running(1, Situations.rule("*.*", "k1", "identity"));
        FakeMember member = encrypted.member("cp1");
        member.create(new FakeObject("configmaps", "default", "c"), "");
        member.create(new FakeObject("deployments.apps", "default", "d"), "");
        member.create(FakeObject.secret("s"), "");

        assertThat(resources(encrypted, "*.")).containsExactly("configmaps", "secrets");
        assertThat(resources(encrypted, "*.apps")).containsExactly("deployments.apps");
        assertThat(resources(encrypted, "*.*", "secrets")).containsExactly("configmaps", "deployments.apps", "secrets");
        assertThat(resources(encrypted, "secrets.")).containsExactly("secrets");
    }

    @Test
    void aPassWithoutAnyApiserverStopsEarly() {
        plane.createSecrets(3);
        plane.members().forEach(member -> plane.member(member).stop());

        RewriteReport report = plane.rewriter().rewrite(List.of("secrets"), (resource, counts) -> {});

        assertThat(report.stoppedEarly()).isEqualTo("no apiserver answered for 60 s");
        assertThat(report.complete()).isFalse();
    }

    @Test
    void theArchiveRemembersAndCanFail() {
        plane.archive().keep(List.of(aescbc("k1")));
        plane.archiveFails(true);
        assertThatThrownBy(() -> plane.archive().keep(List.of(aescbc("k2")))).hasMessage("the archive is full");

        assertThat(plane.archived()).containsExactly(aescbc("k1"));
        plane.etcd().put(FakeObject.secret("s"), aescbc("k2"), "");
        assertThat(plane.usedButNotArchived()).containsExactly(new KeyRef("aescbc", "k2"));
    }

    @Test
    void anInterruptEndsASleepAndStaysSet() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> plane.pace().sleep(Duration.ofSeconds(1))).isInstanceOf(StoppedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void rightsThatAreMissingAreTold() {
        assertThat(plane.probe().missingRights(List.of("secrets"))).isEmpty();
        plane.lackRights("patch secrets");
        assertThat(plane.probe().missingRights(List.of("secrets"))).containsExactly("patch secrets");
    }

    private static List<String> resources(FakeControlPlane plane, String... rules) {
        return plane.rewriter()
                .rewrite(List.of(rules), (resource, counts) -> {})
                .resources();
    }

    private Map<String, java.time.Instant> renewals() {
        return plane.probe().cluster().leases().stream()
                .collect(java.util.stream.Collectors.toMap(IdentityLease::host, IdentityLease::renewed));
    }

    private static void write(NodeTransport transport, byte[] content, Guard... guards) {
        transport.writeAtomically(FILE, content, FileAttributes.ROOT_ONLY, List.of(guards));
    }
}
