package dev.rekey.testing;

import static dev.rekey.testing.Situations.aescbc;
import static dev.rekey.testing.Situations.put;
import static dev.rekey.testing.Situations.running;
import static dev.rekey.testing.Situations.secrets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.config.KeyRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The fake does the harm that a real control plane was seen to do. */
class HarmTest {
    private static final Duration TWO_POLLS = Duration.ofSeconds(120);

    private final FakeObject secret = FakeObject.secret("s");

    @Test
    void promotedBeforeItIsIntroducedOtherMembersCannotReadWhatThePromotedOneWrites() {
        FakeControlPlane plane = running(secrets("k1", "identity"));
        put(plane, "cp1", secrets("k2", "k1", "identity"));
        plane.passTime(TWO_POLLS);

        assertThat(plane.member("cp1").create(secret, "x").ok()).isTrue();

        assertThat(plane.member("cp1").read(secret).text()).isEqualTo("x");
        assertThat(plane.member("cp2").read(secret))
                .isEqualTo(new Answer(500, "Internal error occurred: no matching prefix found", 0));
        assertThat(plane.unreadable())
                .extracting(Harm::toString)
                .containsExactly(
                        "cp2: secrets default/s: stored under aescbc key k2, but by what it has loaded the readers are"
                                + " [aescbc key k1, identity]",
                        "cp3: secrets default/s: stored under aescbc key k2, but by what it has loaded the readers are"
                                + " [aescbc key k1, identity]");
    }

    @Test
    void introducedOnAllFirstPromotingHarmsNobody() {
        FakeControlPlane plane = running(secrets("k1", "identity"));
        plane.members().forEach(member -> put(plane, member, secrets("k1", "k2", "identity")));
        plane.passTime(TWO_POLLS);
        put(plane, "cp1", secrets("k2", "k1", "identity"));
        plane.passTime(TWO_POLLS);

        assertThat(plane.member("cp1").create(secret, "x").ok()).isTrue();

        assertThat(plane.etcd().storedUnder(secret)).contains(aescbc("k2"));
        InvariantChecks.check(plane);
    }

    @Test
    void aLaggingMemberWritesBackToTheOldKeyOnAPatchOfNothing() {
        FakeControlPlane plane = running(secrets("k1", "k2", "identity"));
        plane.member("cp1").create(secret, "x");
        put(plane, "cp1", secrets("k2", "k1", "identity"));
        plane.passTime(TWO_POLLS);

        long first = plane.member("cp1").patchNothing(secret).revision();
        assertThat(plane.etcd().storedUnder(secret)).contains(aescbc("k2"));
        assertThat(plane.member("cp1").patchNothing(secret).revision()).isEqualTo(first);

        assertThat(plane.member("cp3").patchNothing(secret).revision()).isGreaterThan(first);
        assertThat(plane.etcd().storedUnder(secret)).contains(aescbc("k1"));
        assertThat(plane.member("cp2").read(secret).text()).isEqualTo("x");
    }

    @Test
    void aPassThatBeginsBeforeAllHaveLoadedLeavesObjectsUnderTheOldKeyAndCallsThemDone() {
        FakeControlPlane plane = running(secrets("k1", "k2", "identity"));
        plane.createSecrets(30);
        put(plane, "cp1", secrets("k2", "k1", "identity"));
        plane.passTime(TWO_POLLS);

        assertThat(plane.rewriter()
                        .rewrite(List.of("secrets"), (resource, counts) -> {})
                        .complete())
                .isTrue();

        assertThat(plane.storedUnder())
                .isEqualTo(Map.of("secrets", Map.of(new KeyRef("aescbc", "k1"), 20, new KeyRef("aescbc", "k2"), 10)));
    }

    @Test
    void aKeyRemovedTooEarlyIsMissedAfterARestartAndByThePoll() {
        FakeControlPlane plane = running(secrets("k1", "identity"));
        plane.member("cp1").create(secret, "x");

        put(plane, "cp2", secrets("k2", "identity"));

        assertThat(plane.unreadable()).isEmpty();
        assertThat(plane.unreadableAfterRestart())
                .extracting(Harm::toString)
                .containsExactly(
                        "cp2: secrets default/s: stored under aescbc key k1, but by the files on it the readers are"
                                + " [aescbc key k2, identity]");

        plane.passTime(TWO_POLLS);
        assertThat(plane.unreadable()).extracting(Harm::member).containsExactly("cp2");
        assertThat(plane.member("cp2").ready()).as("it still looks healthy").isTrue();

        plane.member("cp2").restart();
        plane.passTime(TWO_POLLS);
        assertThat(plane.member("cp2").running()).isTrue();
        assertThat(plane.member("cp2").ready()).as("its first list fails").isFalse();

        put(plane, "cp2", secrets("k2", "k1", "identity"));
        plane.passTime(TWO_POLLS);
        assertThat(plane.member("cp2").ready()).as("the key put back mends it").isTrue();
    }

    @Test
    void identityDroppedWhilePlainObjectsAreThereMakesThemUnreadable() {
        FakeControlPlane plane = FakeControlPlane.withMembers(1);
        plane.member("cp1").create(secret, "x");
        put(plane, "cp1", secrets("k1"));
        plane.member("cp1").put(plane.layout().manifest(), Situations.encrypting(plane, plane.member("cp1")));

        assertThat(plane.unreadable()).extracting(Harm::object).containsExactly("secrets default/s");
        assertThat(plane.unreadableAfterRestart()).extracting(Harm::object).containsExactly("secrets default/s");
    }

    @Test
    void theFlagLostWhileObjectsAreEncryptedMakesThemUnreadable() {
        FakeControlPlane plane = FakeControlPlane.withMembers(2);
        String before = plane.member("cp1").file(plane.layout().manifest()).orElseThrow();
        for (String member : plane.members()) {
            put(plane, member, secrets("k1", "identity"));
            plane.member(member).put(plane.layout().manifest(), Situations.encrypting(plane, plane.member(member)));
        }
        plane.passTime(Duration.ofSeconds(10));
        plane.member("cp2").create(secret, "x");

        plane.member("cp1").put(plane.layout().manifest(), before);

        assertThat(plane.unreadable()).extracting(Harm::member).containsExactly("cp1");
        assertThat(plane.unreadableAfterRestart()).extracting(Harm::member).containsExactly("cp1");
    }

    @Test
    void theSameNameWithOtherMaterialCannotRead() {
        FakeControlPlane plane = running(secrets("k1", "identity"));
        plane.member("cp1").create(secret, "x");
        put(plane, "cp2", secrets("k1", "identity").replace(Situations.secret("k1"), Situations.secret("other")));
        plane.passTime(TWO_POLLS);

        assertThat(plane.member("cp2").read(secret).status()).isEqualTo(500);
        assertThat(plane.unreadable())
                .extracting(Harm::reason)
                .singleElement()
                .asString()
                .endsWith("(that name with other key material)");
    }

    @Test
    void aResourceMovedFromAWildcardToItsOwnRuleNeedsTheOldKeysThere() {
        FakeControlPlane plane = running(1, Situations.rule("*.*", "k1", "identity"));
        plane.member("cp1").create(secret, "x");
        put(plane, "cp1", secrets("k2", "identity") + Situations.entry("*.*", "k1", "identity"));
        plane.passTime(TWO_POLLS);

        assertThat(plane.member("cp1").read(secret).status()).isEqualTo(500);
        FakeObject deployment = new FakeObject("deployments.apps", "default", "d");
        plane.member("cp1").create(deployment, "y");
        assertThat(plane.etcd().storedUnder(deployment)).contains(aescbc("k1"));
    }

    @Test
    void twoEntriesOfOneResourceAreOneListAndAGroupComesBeforeEverything() {
        FakeControlPlane plane = running(
                1,
                secrets("k1")
                        + Situations.entry("secrets", "k2", "identity")
                        + Situations.entry("*.apps", "k3")
                        + Situations.entry("*.*", "k4"));
        FakeObject deployment = new FakeObject("deployments.apps", "default", "d");
        FakeObject lease = new FakeObject("leases.coordination.k8s.io", "default", "l");
        plane.etcd().put(secret, aescbc("k2"), "x");

        assertThat(plane.member("cp1").read(secret).text()).isEqualTo("x");
        plane.member("cp1").patchNothing(secret);
        plane.member("cp1").create(deployment, "y");
        plane.member("cp1").create(lease, "z");

        assertThat(plane.etcd().storedUnder(secret)).contains(aescbc("k1"));
        assertThat(plane.etcd().storedUnder(deployment)).contains(aescbc("k3"));
        assertThat(plane.etcd().storedUnder(lease)).contains(aescbc("k4"));
    }

    @Test
    void aRequestInFlightIsStoredUnderTheWriterOfItsBeginning() {
        FakeControlPlane plane = running(1, secrets("k1", "k2", "identity"));
        put(plane, "cp1", secrets("k2", "k1", "identity"));
        plane.passTime(Duration.ofSeconds(30));
        assertThat(plane.member("cp1").loaded()).isNotEqualTo(fileHash(plane, "cp1"));
        plane.member("cp1").createSlowly(secret, "x", Duration.ofSeconds(50));
        plane.passTime(Duration.ofSeconds(49));
        assertThat(plane.member("cp1").loaded()).isEqualTo(fileHash(plane, "cp1"));
        assertThat(plane.etcd().storedUnder(secret)).isEmpty();

        plane.passTime(Duration.ofSeconds(1));

        assertThat(plane.etcd().storedUnder(secret)).contains(aescbc("k1"));
    }

    @Test
    void aRequestInFlightEndsWithItsProcess() {
        FakeControlPlane plane = running(1, secrets("k1", "identity"));
        plane.member("cp1").createSlowly(secret, "x", Duration.ofSeconds(50));
        plane.member("cp1").restart();
        plane.passTime(Duration.ofMinutes(2));

        assertThat(plane.etcd().objects()).isEmpty();
    }

    @Test
    void etcdPutBackBringsTheOldKeysBack() {
        FakeControlPlane plane = running(secrets("k1", "k2", "identity"));
        plane.createSecrets(3);
        FakeEtcd.Snapshot backup = plane.etcd().snapshot();
        long then = plane.etcd().revision();
        plane.members().forEach(member -> put(plane, member, secrets("k2", "k1", "identity")));
        plane.passTime(TWO_POLLS);
        plane.rewriter().rewrite(List.of("secrets"), (resource, counts) -> {});
        assertThat(plane.storedUnder()).isEqualTo(Map.of("secrets", Map.of(new KeyRef("aescbc", "k2"), 3)));

        plane.etcd().restore(backup);

        assertThat(plane.storedUnder()).isEqualTo(Map.of("secrets", Map.of(new KeyRef("aescbc", "k1"), 3)));
        assertThat(plane.probe().cluster().revision()).isEqualTo(then);
    }

    static dev.rekey.spi.ApiServerStatus.Loaded fileHash(FakeControlPlane plane, String member) {
        String text = plane.member(member).file(plane.layout().managedPath()).orElseThrow();
        return dev.rekey.spi.ApiServerStatus.Loaded.hash(
                dev.rekey.config.Rendered.of(text).sha256());
    }
}
