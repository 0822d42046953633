package dev.rekey.bench;

import dev.rekey.config.ConfigurationText;
import dev.rekey.config.ServerProfile;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.EncryptionSettings;
import dev.rekey.manifest.NodeLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What an installer does with each member's files, beside a plain load of the same text, so that only ratios have to be compared. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 6, time = 1)
@Measurement(iterations = 6, time = 1)
public class Benchmarks {
    private static final EncryptionSettings SETTINGS =
            EncryptionSettings.of(NodeLayout.DEFAULT, NodeLayout.DEFAULT.managedPath());
    private static final ServerProfile SERVER = ServerProfile.of("1.36.3");

    private final String manifest = manifest(5 * 1024);
    private final String configuration = configuration(2 * 1024);

    @Benchmark
    public String manifestParsedAndEdited() {
        return ApiServerManifest.parse(manifest).withEncryption(SETTINGS).text();
    }

    @Benchmark
    public Object manifestParsed() {
        return ApiServerManifest.parse(manifest);
    }

    @Benchmark
    public Object manifestLoadedPlainly() {
        return new Load(LoadSettings.builder().build()).loadFromString(manifest);
    }

    @Benchmark
    public Object configurationParsedAndValidated() {
        return ConfigurationText.parse(configuration).validate(SERVER);
    }

    @Benchmark
    public Object configurationLoadedPlainly() {
        return new Load(LoadSettings.builder().build()).loadFromString(configuration);
    }

    /** kubeadm's, with more flags. */
    private static String manifest(int length) {
        String last = "    - --tls-private-key-file=/etc/kubernetes/pki/apiserver.key\n";
        StringBuilder text = new StringBuilder(resource("/dev/rekey/manifest/kubeadm-1.36.yaml"));
        for (int i = 0; text.length() < length; i++) {
            text.insert(text.indexOf(last), String.format(Locale.ROOT, "    - --flag-%02d=value-of-%02d%n", i, i));
        }
        return text.toString();
    }

    private static String configuration(int length) {
        StringBuilder text = new StringBuilder("""
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                """);
        String[] resources = {"secrets", "configmaps", "deployments.apps", "jobs.batch", "pods", "leases.coordination.k8s.io"};
        for (int i = 0; text.length() < length; i++) {
            byte[] key = new byte[32];
            key[0] = (byte) (200 + i);
            text.append("""
                    - resources:
                      - %s # one of several
                      providers:
                      - aescbc:
                          keys:
                          - name: key-%d-abcdef
                            secret: %s
                          - name: key-%d-ghijkl
                            secret: "%s"
                      - identity: {}
                    """.formatted(
                    resources[i % resources.length],
                    2 * i + 2,
                    Base64.getEncoder().encodeToString(key),
                    2 * i + 1,
                    Base64.getEncoder().encodeToString(key).replace("AAAA", "BBBB")));
        }
        return text.toString();
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Benchmarks.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
