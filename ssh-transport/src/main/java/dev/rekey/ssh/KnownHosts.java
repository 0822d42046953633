package dev.rekey.ssh;

import dev.rekey.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A file of host keys as OpenSSH reads it: hashed names, patterns and negations, {@code [host]:port}, the marks
 * {@code @cert-authority} and {@code @revoked}. JSch's own reader knows no patterns. A line that cannot be read is passed over,
 * as ssh does: it can only make a host unknown, never known.
 */
record KnownHosts(String source, List<Line> lines) {
    KnownHosts {
        lines = List.copyOf(lines);
    }

    /** What a line says of its key. */
    enum Mark {
        NONE,
        AUTHORITY,
        REVOKED
    }

    /** @param base64 the public key */
    record Line(int number, Mark mark, String hosts, String type, String base64) {
        Fingerprint fingerprint() {
            return Fingerprint.of(key());
        }

        byte[] key() {
            return Base64.getDecoder().decode(base64);
        }

        boolean isFor(String name) {
            if (hosts.startsWith("|1|")) {
                return matchesHash(name);
            }
            boolean found = false;
            for (String pattern : hosts.toLowerCase(Locale.ROOT).split(",", -1)) {
                if (pattern.startsWith("!")) {
                    if (matches(pattern.substring(1), name)) {
                        return false;
                    }
                } else {
                    found |= matches(pattern, name);
                }
            }
            return found;
        }

        private static boolean matches(String pattern, String name) {
            StringBuilder regex = new StringBuilder();
            for (int i = 0; i < pattern.length(); i++) {
                char c = pattern.charAt(i);
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
            return Pattern.matches(regex.toString(), name);
        }

        private boolean matchesHash(String name) {
            String[] parts = hosts.split("\\|", -1);
            try {
                Mac mac = Mac.getInstance("HmacSHA1");
                mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
                byte[] hash = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
                return MessageDigest.isEqual(hash, Base64.getDecoder().decode(parts[3]));
            } catch (GeneralSecurityException | RuntimeException e) {
                return false;
            }
        }
    }

    static KnownHosts read(Path file) {
        try {
            return parse(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new InvalidInputException(file + ": the file of known host keys cannot be read; nothing was changed."
                    + " Make it with `ssh-keyscan`, and compare the fingerprints on the host itself");
        }
    }

    static KnownHosts parse(String source, String text) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        // A carriage return alone ends no line for ssh either: what stands behind one in a comment is comment.
        for (String line : text.split("\n", -1)) {
            number++;
            parseLine(number, line.strip(), lines);
        }
        return new KnownHosts(source, lines);
    }

    private static void parseLine(int number, String line, List<Line> lines) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        String[] words = line.split("[ \t]+", -1);
        int at = 0;
        Mark mark = Mark.NONE;
        if (words[0].startsWith("@")) {
            at = 1;
            switch (words[0]) {
                case "@cert-authority" -> mark = Mark.AUTHORITY;
                case "@revoked" -> mark = Mark.REVOKED;
                default -> {
                    return;
                }
            }
        }
        if (words.length < at + 3) {
            return;
        }
        try {
            byte[] key = Base64.getDecoder().decode(words[at + 2]);
            if (Fingerprint.typeOf(key).equals(words[at + 1])) {
                lines.add(new Line(number, mark, words[at], words[at + 1], words[at + 2]));
            }
        } catch (IllegalArgumentException e) {
            return;
        }
    }

    /** The lines for a host: those with its port, and those with the bare name too where the former name no key. */
    List<Line> of(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        List<Line> bare = lines.stream().filter(line -> line.isFor(name)).toList();
        if (port == 22) {
            return bare;
        }
        String full = "[" + name + "]:" + port;
        List<Line> exact = lines.stream().filter(line -> line.isFor(full)).toList();
        List<Line> all = new ArrayList<>(exact);
        boolean keyed = exact.stream().anyMatch(line -> line.mark() == Mark.NONE);
        // A revocation or authority by bare name holds for every port; a key only where none is recorded for this one.
        bare.stream()
                .filter(line -> line.mark() != Mark.NONE || !keyed)
                .filter(line -> !all.contains(line))
                .forEach(all::add);
        return all;
    }
}
