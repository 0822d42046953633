package dev.rekey.k8s;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.rekey.config.Rendered;
import dev.rekey.controlplane.ControlPlaneMember;
import dev.rekey.controlplane.Eventually;
import dev.rekey.controlplane.RealControlPlane;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.EncryptionSettings;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ApiServerStatus.Loaded;
import dev.rekey.spi.RewriteProgress;
import dev.rekey.spi.RewriteReport;
import dev.rekey.spi.RewriteReport.Counts;
import dev.rekey.spi.RewriteReport.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One real apiserver whose Secrets lie under key1, and which is then told to write with key2. */
class RotatedApiServerIT {
    private static final RewriteProgress NOBODY_LOOKS = (resource, counts) -> {};
    private static final String KEY1 = """
            - {name: "key1", secret: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}""";
    private static final String KEY2 = """
            - {name: "key2", secret: "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY="}""";

    private RealControlPlane controlPlane;
    private ControlPlaneMember member;
    private NodeLayout layout;
    private KubernetesAccess access;

    @TempDir
    private Path directory;

    @BeforeEach
    void startAndEncrypt() throws IOException {
        controlPlane = RealControlPlane.start(1);
        member = controlPlane.member("cp1");
        layout = NodeLayout.DEFAULT.under(NodePath.of(member.root().toString()));
        access = KubernetesAccess.fromKubeconfig(controlPlane.kubeconfig())
                .member("cp1", URI.create(member.apiServerUrl()));
        configure(KEY1);
        String manifest = ApiServerManifest.parse(Files.readString(member.manifestPath()))
                .withEncryption(EncryptionSettings.of(layout, layout.managedPath()))
                .text();
        replace(member.manifestPath(), manifest);
        Eventually.within(Duration.ofMinutes(2), "key1 is loaded", () -> loaded().equals(Loaded.hash(sha256(KEY1))));
        controlPlane.waitReady();
    }

    @AfterEach
    void end() {
        if (access != null) {
            access.close();
        }
        if (controlPlane != null) {
            controlPlane.close();
        }
    }

    @Test
    void staleSecrets_areAllWrittenUnderTheNewKeyAndASecondPassFindsThemCurrent() throws IOException {
        create(1200);

        rotate();
        ApiServerStatus status = access.probe().probe("cp1");
        RewriteReport first = access.rewriter().rewrite(List.of("secrets"), NOBODY_LOOKS);
        RewriteReport second = access.rewriter().rewrite(List.of("secrets"), NOBODY_LOOKS);

        assertThat(status.identity())
                .isEqualTo(access.probe().cluster().leases().get(0).identity());
        assertThat(first.counts()).isEqualTo(new Counts(1200, 0, 0, 0));
        assertThat(second.counts()).isEqualTo(new Counts(0, 1200, 0, 0));
        assertThat(controlPlane.rawSecrets().values())
                .hasSize(1200)
                .allMatch(value -> new String(value, ISO_8859_1).startsWith("k8s:enc:aescbc:v1:key2:"));
    }

    @Test
    void anInvalidSecretInTheStore_isNamedAndTheRestIsRewritten() throws IOException {
        create(5);
        controlPlane.etcd().put("/registry/secrets/default/bad-tls", """
                {"kind":"Secret","apiVersion":"v1","metadata":{"name":"bad-tls","namespace":"default",\
                "uid":"0b5d1c0e-0000-4000-8000-000000000001","creationTimestamp":"2024-01-01T00:00:00Z"},\
                "type":"kubernetes.io/tls","data":{"note":"aGlkZGVu"}}""".getBytes(UTF_8));

        rotate();
        RewriteReport report = access.rewriter().rewrite(List.of("secrets"), NOBODY_LOOKS);

        assertThat(report.counts()).isEqualTo(new Counts(5, 0, 0, 1));
        assertThat(report.failed())
                .containsExactly(new Failure(
                        "secrets",
                        "default",
                        "bad-tls",
                        "422 Invalid: data[tls.crt] FieldValueRequired, data[tls.key] FieldValueRequired"));
    }

    @Test
    void aSecretUnderALostKey_leavesTheRunIncompleteWithItsName() throws IOException {
        create(5);
        controlPlane
                .etcd()
                .put(
                        "/registry/secrets/default/lost",
                        "k8s:enc:aescbc:v1:lost:0123456789abcdef0123456789abcdef".getBytes(UTF_8));

        rotate();
        RewriteReport report = access.rewriter().rewrite(List.of("secrets"), NOBODY_LOOKS);

        assertThat(report.complete()).isFalse();
        assertThat(report.failed())
                .extracting(Failure::reason)
                .anyMatch(reason -> reason.contains("no key that the apiserver has loaded decrypts"));
        assertThat(report.failed().toString()).contains("lost");
    }

    @Test
    void aServiceAccountWithListAndPatchAlone_canRewriteAndIsToldWhatARunNeedsBesides() throws IOException {
        create(5);
        member.api().create("/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"rekey\"}}");
        member.api().create("/apis/rbac.authorization.k8s.io/v1/clusterroles", """
                {"metadata":{"name":"rekey"},"rules":[{"apiGroups":[""],"resources":["secrets"],"verbs":["list","patch"]}]}""");
        member.api().create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """
                {"metadata":{"name":"rekey"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"rekey"},\
                "subjects":[{"kind":"ServiceAccount","namespace":"default","name":"rekey"}]}""");
        String token = JsonParser.parseString(member.api()
                        .send(
                                "POST",
                                "/api/v1/namespaces/default/serviceaccounts/rekey/token",
                                "application/json",
                                "{}")
                        .body())
                .getAsJsonObject()
                .getAsJsonObject("status")
                .get("token")
                .getAsString();
        String kubeconfig =
                Files.readString(controlPlane.kubeconfigWithToken()).replaceAll("token: .*", "token: " + token);

        rotate();
        try (KubernetesAccess limited = KubernetesAccess.fromKubeconfig(
                        TestServers.write(directory.resolve("sa.conf"), kubeconfig))
                .member("cp1", URI.create(member.apiServerUrl()))) {
            assertThat(limited.probe().missingRights(List.of("secrets", "configmaps")))
                    .containsExactly(
                            "list configmaps",
                            "patch configmaps",
                            "list namespaces",
                            "list leases.coordination.k8s.io in kube-system",
                            "get endpoints/kubernetes in default",
                            "get configmaps/kubeadm-config in kube-system",
                            "patch configmaps/kubeadm-config in kube-system",
                            "get /metrics");
            assertThat(limited.rewriter()
                            .rewrite(List.of("secrets"), NOBODY_LOOKS)
                            .counts())
                    .isEqualTo(new Counts(5, 0, 0, 0));
            ApiServerStatus status = limited.probe().probe("cp1");
            assertThat(status.loaded()).isEqualTo(Loaded.UNKNOWN);
            assertThat(status.problem()).endsWith("/metrics: 403 Forbidden");
        }
    }

    private void create(int count) {
        IntStream.range(0, count)
                .parallel()
                .forEach(i -> member.api()
                        .createSecret("default", "s-%04d".formatted(i), Map.of("k", new byte[] {1, 2, 3}), i % 5 == 0));
    }

    private void rotate() throws IOException {
        String keys = KEY2 + "\n" + KEY1;
        configure(keys);
        Eventually.within(
                controlPlane.reloadPoll().plusSeconds(30),
                "key2 is loaded",
                () -> loaded().equals(Loaded.hash(sha256(keys))));
    }

    private Loaded loaded() {
        return access.probe().probe("cp1").loaded();
    }

    private void configure(String keys) throws IOException {
        Path file = Path.of(layout.managedPath().value());
        Files.createDirectories(file.getParent());
        replace(file, text(keys));
    }

    private static void replace(Path file, String text) throws IOException {
        Path staged = Files.writeString(file.resolveSibling(".staged"), text);
        Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String sha256(String keys) {
        return Rendered.of(text(keys)).sha256();
    }

    private static String text(String keys) {
        return """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: ["secrets"]
                  providers:
                  - aescbc:
                      keys:
                %s
                  - identity: {}
                """.formatted(keys.indent(6).stripTrailing());
    }
}
