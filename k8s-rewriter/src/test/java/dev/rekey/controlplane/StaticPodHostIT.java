package dev.rekey.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kubelet's rules for static pods, with a shell script in place of the apiserver. */
class StaticPodHostIT {
    private static final String PLAIN = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: kube-apiserver
              namespace: kube-system
            spec:
              containers:
              - command:
                - kube-apiserver
                - --secure-port=6443
                name: kube-apiserver
            """;
    private static final String OTHER_PORT = PLAIN.replace("6443", "7443");
    private static final String INVALID = PLAIN.replace("kind: Pod", "kind: Pot");

    @TempDir
    Path root;

    private FakeHost fake;

    @BeforeEach
    void runPlain() throws IOException {
        fake = new FakeHost(root, PLAIN);
        fake.awaitRunning(1);
    }

    @AfterEach
    void end() {
        fake.close();
    }

    @Test
    void aManifestAtTheStart_isRunWithItsArguments() {
        fake.awaitLog("started with --secure-port=6443 ");
    }

    @Test
    void anApiserver_seesTheHostNameOfItsMember() {
        assumeTrue(Launcher.hostNamesAreSeparate(), "this user cannot give a process a host name of its own");

        fake.awaitLog(" on fake1 ");
    }

    @Test
    void aCommentAndOtherSpacing_restartNothing() throws IOException {
        Map<String, String> hashes = fake.host().configHashes();
        long pid = fake.host().pid().orElseThrow();

        fake.put(
                FakeHost.MANIFEST,
                "# by hand\n" + PLAIN.replace("- --secure-port=6443", "- \"--secure-port=6443\"   # https"));
        fake.host().relistNow();

        assertThat(fake.host().configHashes()).isEqualTo(hashes);
        assertThat(fake.host().pid()).hasValue(pid);
        assertThat(fake.host().starts()).isEqualTo(1);
    }

    @Test
    void aChangedFlag_isRunInPlaceOfTheFormer() throws IOException {
        fake.put(FakeHost.MANIFEST, OTHER_PORT);

        fake.awaitRunning(2);
        fake.awaitLog("started with --secure-port=7443 ");
    }

    @Test
    void aChangedAnnotation_restarts() throws IOException {
        fake.put(
                FakeHost.MANIFEST,
                PLAIN.replace("metadata:\n", "metadata:\n  annotations:\n    example.org/restart: \"1\"\n"));

        fake.awaitRunning(2);
    }

    @Test
    void aDotfile_isNoManifest() throws IOException {
        Map<String, String> hashes = fake.host().configHashes();

        fake.put(".kube-apiserver.yaml.new", OTHER_PORT);
        fake.host().relistNow();

        assertThat(fake.host().configHashes()).isEqualTo(hashes);
        assertThat(fake.host().starts()).isEqualTo(1);
    }

    @Test
    void aBackupBesideTheManifest_takesItsPlaceAtOnceAndWinsEachList() throws IOException {
        fake.put("kube-apiserver.yaml.bak", PLAIN);
        fake.awaitRunning(2);

        fake.put(FakeHost.MANIFEST, OTHER_PORT);
        fake.awaitRunning(3);
        fake.host().relistNow();
        fake.awaitRunning(4);

        assertThat(fake.log()).containsOnlyOnce("started with --secure-port=7443 ");
    }

    @Test
    void removingTheBackup_leavesNoApiserverUntilTheNextList() throws IOException {
        fake.put("kube-apiserver.yaml.bak", PLAIN);
        fake.awaitRunning(2);

        fake.remove("kube-apiserver.yaml.bak");
        fake.awaitGone();
        assertThat(fake.host().configHashes()).isEmpty();

        fake.host().relistNow();
        fake.awaitRunning(3);
    }

    @Test
    void anInvalidManifest_keepsTheFormerPodOnTheEventAndLosesItOnTheList() throws IOException {
        fake.put(FakeHost.MANIFEST, INVALID);
        assertThat(fake.host().configHashes()).containsOnlyKeys("kube-system/kube-apiserver");
        assertThat(fake.host().isRunning()).isTrue();

        fake.host().relistNow();
        assertThat(fake.host().configHashes()).isEmpty();
        fake.awaitGone();

        fake.put(FakeHost.MANIFEST, PLAIN);
        fake.awaitRunning(2);
    }

    @Test
    void aMountOfNoVolume_isInvalid() throws IOException {
        fake.put(FakeHost.MANIFEST, PLAIN + """
                volumeMounts:
                - mountPath: /somewhere
                  name: missing
            """);

        assertThat(fake.log()).contains("no volume for the mount missing");
    }

    @Test
    void aRemovedManifest_endsTheApiserver() throws IOException {
        fake.remove(FakeHost.MANIFEST);

        fake.awaitGone();
        assertThat(fake.host().configHashes()).isEmpty();
    }

    @Test
    void aSidecarThatStandsFirst_isNotTheApiserver() throws IOException {
        fake.put(
                FakeHost.MANIFEST,
                PLAIN.replace("  containers:\n", "  containers:\n  - command:\n    - sidecar\n    name: sidecar\n"));

        fake.awaitRunning(2);
    }

    @Test
    void aFileThatNoMountHolds_isNotSeenByTheApiserver() throws IOException {
        fake.put(
                FakeHost.MANIFEST,
                PLAIN.replace("--secure-port=6443", "--encryption-provider-config=" + root + "/c.yaml"));

        fake.awaitLog("open " + root + "/c.yaml: no such file or directory in the container");
        assertThat(fake.host().isRunning()).isFalse();
    }

    @Test
    void aMountedFolder_isMadeAndSeen() throws IOException {
        Path folder = root.resolve("conf");

        fake.put(FakeHost.MANIFEST, withMount(folder, folder));

        fake.awaitRunning(2);
        assertThat(folder).isDirectory();
    }

    @Test
    void aMountAtAnotherPath_cannotBeHad() throws IOException {
        fake.put(FakeHost.MANIFEST, withMount(root.resolve("conf"), Path.of("/conf")));

        fake.awaitLog("must equal mountPath /conf");
        assertThat(fake.host().isRunning()).isFalse();
    }

    @Test
    void anApiserverThatDies_isStartedAgainWithAGrowingPause() throws IOException {
        fake.put(FakeHost.MANIFEST, PLAIN.replace("--secure-port=6443", "--die"));

        fake.awaitLog("next start in 800 ms");
        assertThat(fake.log()
                        .lines()
                        .filter(line -> line.contains("next start in"))
                        .map(line -> line.replaceFirst(".*next", "next")))
                .startsWith(
                        "next start in 0 ms",
                        "next start in 100 ms",
                        "next start in 200 ms",
                        "next start in 400 ms",
                        "next start in 800 ms");
    }

    @Test
    void aCrash_isFollowedByANewProcess() {
        long pid = fake.host().pid().orElseThrow();

        fake.host().crash();

        fake.awaitRunning(2);
        assertThat(fake.host().pid()).isPresent().get().isNotEqualTo(pid);
    }

    @Test
    void restart_returnsWithANewProcess() {
        fake.host().restart();

        assertThat(fake.host().starts()).isEqualTo(2);
        fake.awaitRunning(2);
    }

    @Test
    void aStoppedApiserver_staysDownUntilItIsStarted() throws IOException {
        fake.host().stopApiServer();
        fake.put(FakeHost.MANIFEST, OTHER_PORT);
        fake.host().relistNow();
        assertThat(fake.host().isRunning()).isFalse();
        assertThat(fake.host().starts()).isEqualTo(1);

        fake.host().startApiServer();

        fake.awaitRunning(2);
        fake.awaitLog("started with --secure-port=7443 ");
    }

    @Test
    void close_leavesNoProcess() {
        ProcessHandle process =
                ProcessHandle.of(fake.host().pid().orElseThrow()).orElseThrow();

        fake.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(Files.exists(root.resolve("log"))).isTrue();
    }

    private static String withMount(Path hostPath, Path mountPath) {
        return PLAIN.replace("--secure-port=6443", "--encryption-provider-config=" + mountPath + "/c.yaml")
                + """
                volumeMounts:
                - mountPath: %s
                  name: conf
                  readOnly: true
              volumes:
              - hostPath:
                  path: %s
                  type: DirectoryOrCreate
                name: conf
            """.formatted(mountPath, hostPath);
    }
}
