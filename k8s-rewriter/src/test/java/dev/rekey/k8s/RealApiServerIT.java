package dev.rekey.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.controlplane.ControlPlaneMember;
import dev.rekey.controlplane.EtcdSnapshot;
import dev.rekey.controlplane.Eventually;
import dev.rekey.controlplane.RealControlPlane;
import dev.rekey.spi.ApiServerStatus;
import dev.rekey.spi.ApiServerStatus.Loaded;
import dev.rekey.spi.ClusterFacts;
import dev.rekey.spi.KubeadmConfig;
import dev.rekey.spi.RewriteProgress;
import dev.rekey.spi.RewriteReport;
import dev.rekey.spi.RewriteReport.Counts;
import java.net.URI;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One real apiserver without a configuration, asked with a client certificate unless a test says otherwise. */
class RealApiServerIT {
    private static final RewriteProgress NOBODY_LOOKS = (resource, counts) -> {};

    @AutoClose
    private static RealControlPlane controlPlane;

    private static ControlPlaneMember member;

    @AutoClose
    private static KubernetesAccess access;

    @BeforeAll
    static void start() {
        controlPlane = RealControlPlane.start(1);
        member = controlPlane.member("cp1");
        access = access(controlPlane.kubeconfig());
    }

    @Test
    void anApiServerWithoutAConfiguration_isReadyAndHasLoadedNone() {
        ApiServerStatus status = access.probe().probe("cp1");

        assertThat(status.ready()).as(status.toString()).isTrue();
        assertThat(status.problem()).isEmpty();
        assertThat(status.version()).isEqualTo("v1.36.3");
        assertThat(status.loaded()).isEqualTo(Loaded.NONE);
        assertThat(status.started())
                .isBetween(
                        Instant.now().minus(Duration.ofHours(1)), Instant.now().plusSeconds(5));
        assertThat(status.failedKmsChecks()).isEmpty();
    }

    @Test
    void facts_nameTheClusterItsRevisionItsLeasesAndItsEndpoints() {
        ClusterFacts before = access.probe().cluster();
        member.api().createSecret("default", "moves-the-revision", Map.of("a", "b".getBytes(UTF_8)), false);
        ClusterFacts after = access.probe().cluster();

        assertThat(after.uid()).isEqualTo(before.uid()).matches("[0-9a-f-]{36}");
        assertThat(after.revision()).isGreaterThan(before.revision());
        assertThat(after.leases()).hasSize(1);
        assertThat(after.leases().get(0).identity()).matches("sha256:[0-9a-f]{64}");
        assertThat(after.leases().get(0).host()).isNotEmpty();
        assertThat(after.leases().get(0).renewed()).isAfter(Instant.now().minusSeconds(60));
        assertThat(after.endpoints())
                .allMatch(endpoint -> endpoint.startsWith(member.advertiseAddress() + ":"))
                .hasSize(1);
    }

    @Test
    void anAdminWithACertificateOrAToken_lacksNoRight() {
        assertThat(access.probe().missingRights(List.of("secrets", "*.apps", "*.*")))
                .isEmpty();
        try (KubernetesAccess withToken = access(controlPlane.kubeconfigWithToken())) {
            assertThat(withToken.probe().missingRights(List.of("secrets"))).isEmpty();
        }
    }

    @Test
    void aClientCertificate_leavesTheSecurityProvidersAsTheyWere() {
        List<String> before = providers();
        try (KubernetesAccess another = access(controlPlane.kubeconfig())) {
            assertThat(another.probe().probe("cp1").ready()).isTrue();
        }
        assertThat(providers()).isEqualTo(before);
    }

    @Test
    void kubeadmsConfigMap_isReadAndReplacedOnceAndRefusedTheSecondTime() {
        KubeadmConfig kubeadm = access.kubeadm();
        assertThat(kubeadm.read()).isEmpty();
        member.api().create("/api/v1/namespaces/kube-system/configmaps", """
                {"metadata":{"name":"kubeadm-config"},"data":{"ClusterConfiguration":"kind: ClusterConfiguration\\n","other":"stays"}}""");

        KubeadmConfig.Document read = kubeadm.read().orElseThrow();
        kubeadm.replace(read, "kind: ClusterConfiguration\napiServer: {}\n");

        assertThat(read.text()).isEqualTo("kind: ClusterConfiguration\n");
        assertThat(kubeadm.read().map(KubeadmConfig.Document::text))
                .isEqualTo(Optional.of("kind: ClusterConfiguration\napiServer: {}\n"));
        assertThat(member.api()
                        .get("/api/v1/namespaces/kube-system/configmaps/kubeadm-config")
                        .body())
                .contains("\"other\":\"stays\"");
        assertThatThrownBy(() -> kubeadm.replace(read, "kind: Other\n")).isInstanceOf(ChangedMeanwhileException.class);
    }

    @Test
    void twoThousandSecrets_areWalkedPageByPageAndFoundCurrent() {
        IntStream.range(0, 2000)
                .parallel()
                .forEach(i -> member.api()
                        .createSecret(
                                "kube-public",
                                "many-%04d".formatted(i),
                                Map.of("k", new byte[] {1, 2, 3}),
                                i % 5 == 0));

        RewriteReport report = access.rewriter().rewrite(List.of("secrets"), NOBODY_LOOKS);

        assertThat(report.resources()).containsExactly("secrets");
        assertThat(report.complete()).as(report.toString()).isTrue();
        assertThat(report.counts().current()).isGreaterThanOrEqualTo(2000);
        assertThat(report.counts().written()).isZero();
    }

    @Test
    void everything_isCoveredByTheWildcardAndCanBeRewritten() {
        RewriteReport report = access.rewriter().rewrite(List.of("*.*"), NOBODY_LOOKS);

        assertThat(report.complete()).as(report.toString()).isTrue();
        assertThat(report.resources())
                .contains(
                        "secrets",
                        "configmaps",
                        "events",
                        "deployments.apps",
                        "clusterroles.rbac.authorization.k8s.io",
                        "apiservices.apiregistration.k8s.io")
                .doesNotContain("events.events.k8s.io")
                .doesNotHaveDuplicates();
    }

    @Test
    void aResourceThatIsNotServed_isReportedAsThat() {
        assertThat(access.rewriter().rewrite(List.of("widgets.example.com", "secretz"), NOBODY_LOOKS))
                .isEqualTo(new RewriteReport(
                        List.of("widgets.example.com (not served)", "secretz (not served)"),
                        Counts.NONE,
                        List.of(),
                        ""));
    }

    @Test
    void etcdPutBackUnderALivingApiServer_isSeenInTheRevisionAndStopsARewrite() {
        try (RealControlPlane other = RealControlPlane.start(1);
                KubernetesAccess its = KubernetesAccess.fromKubeconfig(other.kubeconfig())
                        .member("cp1", URI.create(other.member("cp1").apiServerUrl()))) {
            EtcdSnapshot snapshot = other.etcd().snapshot();
            for (int i = 0; i < 200; i++) {
                other.createSecret("default", "later-" + i, Map.of("k", new byte[] {1}), false);
            }
            long before = its.probe().cluster().revision();

            other.etcd().restore(snapshot);
            Eventually.within(
                    Duration.ofSeconds(60),
                    "the apiserver is back at its etcd",
                    () -> other.member("cp1").api().isReady());

            assertThat(its.probe().cluster().revision()).isLessThan(before);
            assertThat(its.rewriter().rewrite(List.of("secrets"), NOBODY_LOOKS).stoppedEarly())
                    .contains("etcd was put back");
        }
    }

    private static KubernetesAccess access(Path kubeconfig) {
        return KubernetesAccess.fromKubeconfig(kubeconfig).member("cp1", URI.create(member.apiServerUrl()));
    }

    private static List<String> providers() {
        return List.of(Security.getProviders()).stream().map(Provider::getName).toList();
    }
}
