package dev.rekey.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.RekeyException;
import dev.rekey.fuzz.GoProgram;
import dev.rekey.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Asks kubelet's own decoder and kubeadm's own maker of manifests, built with Go, what an edited text is: the pod from before with
 * the change and nothing else, which starts if it did before. More on request: {@code -Drekey.texts=200000 -Drekey.seed=7}.
 */
class PodsIT {
    private static final long SEED = Long.getLong("rekey.seed", 1);
    private static final int TEXTS = Integer.getInteger("rekey.texts", 8_000);
    private static final NodeLayout LAYOUT = NodeLayout.DEFAULT;
    private static final EncryptionSettings SETTINGS = EncryptionSettings.of(LAYOUT, LAYOUT.managedPath());

    private static final List<NodePath> SOCKETS = Stream.of(
                    "/etc/kubernetes/pki/kms.sock", "/opt/etcd/keys/a.sock", "/run/b.sock")
            .map(NodePath::of)
            .toList();

    private static GoProgram pods;

    @BeforeAll
    static void build() {
        pods = GoProgram.build("pods");
    }

    @Test
    void everyShapeThatIsEdited_isReadByKubeletAsMeant() {
        List<Edit> edits = shapes().flatMap(PodsIT::written)
                .map(text -> Edit.ofManifest(text, SETTINGS))
                .toList();

        assertThat(edits.size()).isGreaterThan(250);
        assertMeant(edits);
        assertThat(answered(edits).stream().filter(answer -> !answer.isDecoded()))
                .isEmpty();
    }

    @Test
    void whateverIsEdited_isReadByKubeletAsMeant() {
        List<Edit> edits = mutated(shapes().toList(), TEXTS, text -> Edit.ofManifest(text, SETTINGS));

        assertThat(edits.size()).isGreaterThan(TEXTS / 4);
        assertMeant(edits);
    }

    @Test
    void whateverClusterConfigurationIsEdited_kubeadmMakesAPodOfItAsMeant() {
        List<String> shapes = clusterConfigurations().toList();
        List<Edit> edits = mutated(shapes, TEXTS / 2, text -> Edit.ofKubeadm(text, SETTINGS));
        shapes.forEach(text -> edits.add(Edit.ofKubeadm(text, SETTINGS)));

        assertThat(edits.size()).isGreaterThan(TEXTS / 10);
        assertMeant(edits);
    }

    /** The edits of so many texts, without those that are refused. */
    private static List<Edit> mutated(List<String> shapes, int count, Function<String, Edit> edit) {
        Mutations mutations = new Mutations(SEED);
        List<Edit> edits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try {
                edits.add(edit.apply(mutations.mutate(shapes.get(i % shapes.size()))));
            } catch (RekeyException refused) {
                // An answer as good as any.
            }
        }
        return edits;
    }

    @Test
    void whereKubeadmMountsADirectoryItself_thePodStarts() {
        List<EncryptionSettings> settings = Stream.of(
                        "/etc/kubernetes/pki",
                        "/etc/kubernetes/ssl",
                        "/etc/ssl/certs",
                        "/etc/etcd/pki",
                        "/opt/etcd",
                        "/opt/x")
                .map(KubeadmMountsTest::in)
                .flatMap(plain -> Stream.of(plain, plain.withKmsSockets(SOCKETS)))
                .toList();
        List<Edit> edits = Stream.of(
                        KubeadmMountsTest.HEAD, KubeadmMountsTest.KUBESPRAY, KubeadmMountsTest.EXTERNAL_ETCD)
                .flatMap(text -> Stream.of(text, text.replace("v1beta4", "v1beta3")))
                .flatMap(text -> settings.stream().map(each -> Edit.ofKubeadm(text, each)))
                .toList();

        assertMeant(edits);
        assertThat(answered(edits).stream().filter(answer -> !answer.after().isEmpty()))
                .isEmpty();
    }

    @Test
    void aDirectoryThatKubeadmMountsItself_mountedTwice_isNoValidPod() {
        String twice = KubeadmMountsTest.HEAD + """
                apiServer:
                  extraVolumes:
                  - {name: certs, hostPath: /etc/kubernetes/pki, mountPath: /etc/kubernetes/pki, pathType: DirectoryOrCreate}
                """;
        Edit edit = new Edit(true, KubeadmMountsTest.HEAD, twice, SETTINGS);

        assertThat(answered(List.of(edit)).get(0).after()).startsWith("invalid").contains("must be unique");
    }

    /** What Kubernetes reads must stay what it was but for the change; what it cannot read as YAML must have been refused. */
    private static void assertMeant(List<Edit> edits) {
        List<Answer> wrong = answered(edits).stream()
                .filter(answer -> answer.isWorse() || !answer.difference().isEmpty() || answer.isReadByUsAlone())
                .toList();

        assertThat(wrong.stream().limit(3))
                .as("%d, seed %d", wrong.size(), SEED)
                .isEmpty();
    }

    private static Stream<String> shapes() {
        Stream<String> tables = Stream.of(
                        ManifestShapesTest.class, ManifestSurroundingsTest.class, ManifestFlagsTest.class)
                .flatMap(ShapesTable::texts)
                .filter(text -> text.contains("kube-apiserver"));
        Stream<String> seeds =
                ManifestFuzzTest.manifests().stream().map(text -> new String(text, StandardCharsets.UTF_8));
        return Stream.of(tables, seeds, mounts()).flatMap(texts -> texts);
    }

    private static Stream<String> mounts() {
        String file = SETTINGS.configurationFile().value();
        String directory = SETTINGS.directory().value();
        return Stream.of(directory, directory + "/", "/etc/kubernetes", "/etc/", "/", file)
                .map(path -> Shapes.replaced(
                        Shapes.small(
                                "    volumeMounts:\n", "    volumeMounts:\n    - {name: x, mountPath: " + path + "}\n"),
                        "  volumes:\n",
                        "  volumes:\n  - {name: x, hostPath: {path: " + path + "}}\n"));
    }

    /** With each kind of line end and a byte order mark, too. */
    private static Stream<String> written(String text) {
        return Stream.of(
                text,
                text.replaceAll("\r?\n", "\r\n"),
                text.startsWith("\uFEFF") ? text : "\uFEFF" + text,
                text.stripTrailing());
    }

    private static Stream<String> clusterConfigurations() {
        return ShapesTable.texts(KubeadmClusterConfigurationTest.class)
                .filter(text -> text.contains("kind: ClusterConfiguration"));
    }

    private static List<Answer> answered(List<Edit> edits) {
        List<Answer> answers = new ArrayList<>();
        List<String> said = pods.ask(edits.stream().map(Edit::question).toList());
        for (int i = 0; i < said.size(); i++) {
            answers.add(Answer.read(edits.get(i), said.get(i)));
        }
        return answers;
    }

    /** A text, what became of it, and what was to become of it. */
    record Edit(boolean kubeadm, String before, String after, EncryptionSettings settings) {
        static Edit ofManifest(String text, EncryptionSettings settings) {
            return new Edit(
                    false,
                    text,
                    ApiServerManifest.parse(text).withEncryption(settings).text(),
                    settings);
        }

        static Edit ofKubeadm(String text, EncryptionSettings settings) {
            return new Edit(
                    true,
                    text,
                    KubeadmClusterConfiguration.parse(text)
                            .withEncryption(settings)
                            .text(),
                    settings);
        }

        String question() {
            String sockets = settings.kmsSockets().stream()
                    .map(socket -> '"' + socket.value() + '"')
                    .collect(Collectors.joining(",", "[", "]"));
            return "{\"kubeadm\":" + kubeadm + ",\"before\":\"" + base64(before) + "\",\"after\":\"" + base64(after)
                    + "\",\"wanted\":{\"configuration\":\"" + settings.configurationFile() + "\",\"volume\":\""
                    + settings.volumeName() + "\",\"reload\":" + settings.automaticReload() + ",\"sockets\":" + sockets
                    + "}}";
        }

        private static String base64(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Why the pods before and after would not start, and what differs beside the change; empty where nothing does. */
    record Answer(String text, String before, String after, String difference) {
        private static final List<String> STAGES = List.of("yaml", "decode", "invalid", "");
        private static final Pattern ELSEWHERE = Pattern.compile("cannot decode !!|map merge requires");

        static Answer read(Edit edit, String line) {
            return new Answer(edit.before(), part(line, "before"), part(line, "after"), part(line, "difference"));
        }

        /** What is no YAML for Kubernetes must have been refused; tags and merge keys elsewhere in the text are not looked at. */
        boolean isReadByUsAlone() {
            return before.startsWith("yaml") && !ELSEWHERE.matcher(before).find();
        }

        /** Whether there is a pod at all, though it may have a name that none can have. */
        boolean isDecoded() {
            return stage(before) >= STAGES.indexOf("invalid");
        }

        /** Whether the pod stops earlier on its way to a start. */
        boolean isWorse() {
            return stage(after) < stage(before);
        }

        private static int stage(String error) {
            return STAGES.indexOf(error.replaceFirst("(?s):.*", ""));
        }

        private static String part(String line, String name) {
            int from = line.indexOf("\"" + name + "\":\"") + name.length() + 4;
            int to = from;
            while (line.charAt(to) != '"') {
                to += line.charAt(to) == '\\' ? 2 : 1;
            }
            return line.substring(from, to);
        }
    }
}
