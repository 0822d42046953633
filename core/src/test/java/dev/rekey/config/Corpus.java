package dev.rekey.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The cases of {@code corpus.txt}, which says at its top how they are written. */
record Corpus(String name, Set<String> flags, boolean loads136, boolean loads126, Set<String> codes, String text) {
    private static final Pattern HEADER =
            Pattern.compile("(.*?)(?: \\{([a-z0-9 -]+)})? => 1\\.36 (loads|refuses), 1\\.26 (loads|refuses); (.*)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:t|u([0-9a-f]{4}))");

    /** Secrets by the name that stands between at signs. */
    static final Map<String, String> SECRETS = Map.of(
            "15", secret(1, 15),
            "16", secret(1, 16),
            "24", secret(1, 24),
            "31", secret(1, 31),
            "32", secret(101, 32),
            "33", secret(1, 33),
            "48", secret(1, 48),
            "other", secret(201, 32),
            "typed",
                    Base64.getEncoder()
                            .encodeToString("correct horse battery staple 123".getBytes(StandardCharsets.US_ASCII)));

    static List<Corpus> cases() {
        List<Corpus> cases = new ArrayList<>();
        String[] parts = resource().split("(?m)^### ");
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            int end = part.indexOf('\n');
            Matcher header = HEADER.matcher(part.substring(0, end));
            if (!header.matches()) {
                throw new IllegalStateException("not a case: " + part.substring(0, end));
            }
            Set<String> flags = words(header.group(2));
            String codes = header.group(5);
            cases.add(new Corpus(
                    header.group(1),
                    flags,
                    header.group(3).equals("loads"),
                    header.group(4).equals("loads"),
                    codes.equals("nothing") ? Set.of() : words(codes),
                    text(part.substring(end + 1), flags)));
        }
        return cases;
    }

    ServerProfile profile(String version) {
        ServerProfile server = ServerProfile.of(version).withAutomaticReload(flags.contains("reload"));
        return flags.contains("kms-v1") ? server.withFeatureGate("KMSv1", true) : server;
    }

    @Override
    public String toString() {
        return name + " => " + (codes.isEmpty() ? "nothing" : String.join(" ", codes));
    }

    private static String text(String body, Set<String> flags) {
        String text = body.substring(0, Math.max(0, body.length() - 1));
        if (flags.contains("escapes")) {
            text = ESCAPE.matcher(text)
                    .replaceAll(match -> Matcher.quoteReplacement(
                            match.group(1) == null ? "\t" : "" + (char) Integer.parseInt(match.group(1), 16)));
        }
        text = text.replace("@head@", "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration");
        for (Map.Entry<String, String> secret : SECRETS.entrySet()) {
            text = text.replace("@" + secret.getKey() + "@", secret.getValue());
        }
        text = flags.contains("no-newline") ? text.stripTrailing() : text;
        text = flags.contains("crlf") ? text.replace("\n", "\r\n") : text;
        text = flags.contains("cr") ? text.replace('\n', '\r') : text;
        return flags.contains("bom") ? "\ufeff" + text : text;
    }

    private static Set<String> words(String text) {
        return text == null ? Set.of() : new TreeSet<>(Arrays.asList(text.split(" ")));
    }

    private static String secret(int first, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String resource() {
        try (InputStream in = Objects.requireNonNull(Corpus.class.getResourceAsStream("corpus.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
