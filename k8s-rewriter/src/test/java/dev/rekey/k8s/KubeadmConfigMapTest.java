package dev.rekey.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.ChangedMeanwhileException;
import dev.rekey.NodeException;
import dev.rekey.spi.KubeadmConfig;
import dev.rekey.spi.KubeadmConfig.Document;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeadmConfigMapTest {
    private static final String PATH = "/api/v1/namespaces/kube-system/configmaps/kubeadm-config";
    private static final Document READ = new Document("kind: ClusterConfiguration\n", "7");

    private final FakeApiServer fake = new FakeApiServer();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        fake.close();
    }

    @Test
    void theConfigMapIsThere_itsTextAndVersionAreRead() {
        fake.always("GET", PATH, r -> map("7", "kind: ClusterConfiguration\\n"));

        assertThat(kubeadm().read()).contains(READ);
    }

    @Test
    void thereIsNoneOrItLacksTheKey_nothingIsRead() {
        assertThat(kubeadm().read()).isEmpty();

        fake.always("GET", PATH, r -> Answers.json(200, "{'metadata':{'resourceVersion':'7'},'data':{'x':'y'}}"));
        assertThat(kubeadm().read()).isEmpty();
    }

    @Test
    void aPageThatIsNoApiServers_isNoAbsence() {
        fake.always("GET", PATH, r -> Answers.text(404, "no such site"));

        assertThatThrownBy(() -> kubeadm().read())
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("404 by something that is no apiserver");
    }

    @Test
    void replace_sendsThatKeyAndTheVersionAlone() {
        List<String> bodies = new ArrayList<>();
        fake.always("PATCH", PATH, r -> {
            bodies.add(r.getHeaders().get("Content-Type") + " " + r.getBody().utf8());
            return map("8", "new\\n");
        });

        kubeadm().replace(READ, "new\n");

        assertThat(bodies)
                .containsExactly("application/merge-patch+json "
                        + "{\"metadata\":{\"resourceVersion\":\"7\"},\"data\":{\"ClusterConfiguration\":\"new\\n\"}}");
    }

    @Test
    void changedMeanwhile_isRefused() {
        fake.always("PATCH", PATH, r -> Answers.status(409, "Conflict", "modified", "{}"));
        fake.always("GET", PATH, r -> map("9", "of another"));

        assertThatThrownBy(() -> kubeadm().replace(READ, "new\n"))
                .isInstanceOf(ChangedMeanwhileException.class)
                .hasMessageContaining("kubeadm-config")
                .hasNoCause();
    }

    @Test
    void theAnswerWasLostButTheChangeWasMade_isSuccess() {
        fake.once("PATCH", PATH, r -> Answers.cut());
        fake.always("PATCH", PATH, r -> Answers.status(409, "Conflict", "modified", "{}"));
        fake.always("GET", PATH, r -> map("8", "new\\n"));

        kubeadm().replace(READ, "new\n");

        assertThat(fake.count("PATCH")).isEqualTo(2);
    }

    private static MockResponse map(String version, String text) {
        return Answers.json(
                200,
                "{'metadata':{'resourceVersion':'" + version + "'},'data':{'ClusterConfiguration':'" + text + "'}}");
    }

    private KubeadmConfig kubeadm() {
        return new KubeadmConfigMap(TestServers.of(directory, fake.url(), fake.url()));
    }
}
