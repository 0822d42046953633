package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FirstTest {
    static String resource(String name) throws Exception {
        try (var in = FirstTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void kubeadm() throws Exception {
        String text = resource("kubeadm-1.36.yaml");
        EncryptionSettings settings = EncryptionSettings.of(NodeLayout.DEFAULT, NodeLayout.DEFAULT.managedPath());
        ApiServerManifest on =
                ApiServerManifest.parse(text).withEncryption(settings).withAnnotation("rekey.dev/restart", "abc/1");
        System.out.println(on.text());
        System.out.println(on.encryption());
        assertThat(on.withEncryption(settings)).isSameAs(on);
        assertThat(on.withoutEncryption(NodeLayout.DEFAULT)
                        .withoutAnnotation("rekey.dev/restart")
                        .text())
                .isEqualTo(text);
        for (String v : new String[] {"cluster-configuration-v1beta3.yaml", "cluster-configuration-v1beta4.yaml"}) {
            String c = resource(v);
            KubeadmClusterConfiguration k = KubeadmClusterConfiguration.parse(c).withEncryption(settings);
            System.out.println(k.text());
            assertThat(k.withEncryption(settings).text()).isEqualTo(k.text());
            assertThat(k.withoutEncryption(NodeLayout.DEFAULT).text()).isEqualTo(c);
        }
    }
}
