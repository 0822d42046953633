package dev.rekey.manifest;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.internal.YamlNode;
import dev.rekey.internal.YamlNode.Mapping;
import dev.rekey.internal.YamlNode.Scalar;
import dev.rekey.internal.YamlNode.Sequence;
import dev.rekey.internal.YamlNode.Style;
import dev.rekey.internal.YamlSyntaxException;
import dev.rekey.internal.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A ClusterConfiguration where people keep it: alone, among the other documents of a file for {@code kubeadm --config}, or in the
 * block scalar of the ConfigMap {@code kubeadm-config}. Every byte around it stays. Immutable.
 */
public final class KubeadmFile {
    private static final Reading READING = KubeadmReader.READING;
    private static final String KEY = "ClusterConfiguration";
    private static final Pattern LONE_RETURN = Pattern.compile("\\r(?!\\n)");

    /** Each one costs a parse of itself and of the line ends above it. */
    private static final int MAX_DOCUMENTS = 64;

    private final String before;
    private final KubeadmClusterConfiguration configuration;
    private final int padding;
    private final int indent;
    private final String after;

    /** {@code padding} chars of the configuration's text are not of the file: line ends, so that a refusal names its line. */
    private KubeadmFile(
            String before, KubeadmClusterConfiguration configuration, int padding, int indent, String after) {
        this.before = before;
        this.configuration = configuration;
        this.padding = padding;
        this.indent = indent;
        this.after = after;
    }

    /**
     * Finds the one ClusterConfiguration: an {@link InvalidInputException} where there is none, a {@link RefusedException} where
     * there are two, or one that could not be edited.
     */
    public static KubeadmFile parse(String text) {
        List<Integer> starts = documents(text);
        if (starts.size() > MAX_DOCUMENTS) {
            throw READING.refused(1, "there are more than " + MAX_DOCUMENTS + " documents", "Give fewer");
        }
        if (starts.size() > 1 && LONE_RETURN.matcher(text).find()) {
            throw READING.refused(
                    1,
                    "a carriage return alone ends a line, so that kubeadm would see fewer documents",
                    "Save the file with the line ends of Unix");
        }
        List<KubeadmFile> found = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : text.length();
            KubeadmFile one = in(text, starts.get(i), end);
            if (one != null && !found.isEmpty()) {
                throw READING.refused(
                        1
                                + lineEnds(text.substring(0, starts.get(i)))
                                        .replace("\r\n", "\n")
                                        .length(),
                        "a second ClusterConfiguration stands in the text",
                        "Keep one");
            }
            if (one != null) {
                found.add(one);
            }
        }
        if (!found.isEmpty()) {
            return found.get(0);
        }
        if (starts.size() == 1) {
            return new KubeadmFile("", KubeadmClusterConfiguration.parse(text), 0, 0, "");
        }
        throw READING.invalid(
                1, "none of its documents is a ClusterConfiguration or the ConfigMap of one", "Give the one that is");
    }

    /** The text. */
    public String text() {
        return before + indented(configuration.text().substring(padding), indent) + after;
    }

    /** What is edited; line numbers in its refusals are those of this file. */
    public KubeadmClusterConfiguration clusterConfiguration() {
        return configuration;
    }

    /** This file with an edited one, which must be made from {@link #clusterConfiguration}. */
    public KubeadmFile with(KubeadmClusterConfiguration edited) {
        String padded = configuration.text().substring(0, padding);
        if (!edited.text().startsWith(padded)) {
            throw new IllegalArgumentException("this ClusterConfiguration was not made from the one of this file");
        }
        KubeadmFile changed = new KubeadmFile(before, edited, padding, indent, after);
        if (!parse(changed.text()).configuration.text().equals(edited.text())) {
            throw READING.refused(1, "the edited text would mean something else", "Change the lines there by hand");
        }
        return changed;
    }

    /** Null where the document is something else. */
    private static @Nullable KubeadmFile in(String text, int from, int to) {
        String above = lineEnds(text.substring(0, from));
        String document = above + text.substring(from, to);
        YamlText parsed;
        try {
            parsed = YamlText.parse(document);
        } catch (YamlSyntaxException e) {
            throw READING.invalid(e.line(), "it " + e.reason(), "Give the file as kubeadm reads it");
        }
        if (!(parsed.first().orElse(null) instanceof Mapping root) || !(root.value("kind") instanceof Scalar kind)) {
            return null;
        }
        if (kind.text().equals(KEY)) {
            return new KubeadmFile(
                    text.substring(0, from),
                    KubeadmClusterConfiguration.parse(document),
                    above.length(),
                    0,
                    text.substring(to));
        }
        if (kind.text().endsWith("List")
                && root.value("items") instanceof Sequence items
                && items.items().stream().anyMatch(item -> embedded(item) != null)) {
            throw READING.refused(
                    (YamlNode) root,
                    "the ConfigMap stands in a list",
                    "Give it alone, as from kubectl -n kube-system get configmap kubeadm-config -o yaml");
        }
        YamlNode value = kind.text().equals("ConfigMap") ? embedded(root) : null;
        if (value == null) {
            return null;
        }
        READING.parse(document, "Give the ConfigMap as kubectl prints it");
        READING.mapping((YamlNode) root, "the ConfigMap");
        READING.mapping(root, "data");
        return embedded(text, READING.scalar(value, KEY), from - above.length());
    }

    private static @Nullable YamlNode embedded(YamlNode configMap) {
        return configMap instanceof Mapping map && map.value("data") instanceof Mapping data ? data.value(KEY) : null;
    }

    private static KubeadmFile embedded(String text, Scalar block, int shift) {
        int header = block.span().start() + shift;
        int from = nextLine(text, header);
        if (block.style() != Style.LITERAL
                || !text.substring(header, from).matches("[|][-+]?[ \\t]*(#[^\\r\\n]*)?(\r\n|\n|\r)")) {
            throw READING.refused(
                    block,
                    "what stands under " + KEY + " is no simple block scalar",
                    "Give that text alone, as from kubectl -n kube-system get configmap kubeadm-config"
                            + " -o jsonpath={.data.ClusterConfiguration}");
        }
        int indent = 0;
        int to = from;
        for (int at = from; at < text.length(); at = nextLine(text, at)) {
            String line = text.substring(at, nextLine(text, at));
            if (!line.isBlank()) {
                indent = indent == 0 ? blanks(line) : indent;
                if (indent == 0 || blanks(line) < indent) {
                    break;
                }
                to = at + line.length();
            }
        }
        StringBuilder body = new StringBuilder();
        for (int at = from; at < to; at = nextLine(text, at)) {
            String line = text.substring(at, nextLine(text, at));
            body.append(line.substring(Math.min(indent, blanks(line))));
        }
        if (indent == 0 || !indented(body.toString(), indent).equals(text.substring(from, to))) {
            throw READING.refused(
                    block, "an empty line of what stands under " + KEY + " holds blanks", "Take the blanks out");
        }
        String above = lineEnds(text.substring(0, from));
        return new KubeadmFile(
                text.substring(0, from),
                KubeadmClusterConfiguration.parse(above + body),
                above.length(),
                indent,
                text.substring(to));
    }

    /** Where documents begin. A line that begins with three dashes always begins one, in a block scalar or quotes too. */
    private static List<Integer> documents(String text) {
        List<Integer> starts = new ArrayList<>(List.of(0));
        boolean isBegun = false;
        for (int at = 0; at < text.length(); at = nextLine(text, at)) {
            String line = text.substring(at, nextLine(text, at)).stripTrailing();
            boolean marks = line.equals("---") || line.startsWith("--- ") || line.startsWith("---\t");
            if (marks && isBegun) {
                starts.add(at);
            }
            isBegun |= marks || !(line.isBlank() || line.startsWith("#") || line.equals("\uFEFF"));
        }
        return starts;
    }

    private static String indented(String body, int indent) {
        if (indent == 0) {
            return body;
        }
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < body.length(); at = nextLine(body, at)) {
            String line = body.substring(at, nextLine(body, at));
            text.append(line.isBlank() ? "" : " ".repeat(indent)).append(line);
        }
        return text.toString();
    }

    private static int nextLine(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
            at++;
        }
        return text.startsWith("\r\n", at) ? at + 2 : Math.min(text.length(), at + 1);
    }

    private static int blanks(String line) {
        int count = 0;
        while (count < line.length() && line.charAt(count) == ' ') {
            count++;
        }
        return count;
    }

    private static String lineEnds(String text) {
        return text.replaceAll("[^\r\n]", "");
    }
}
