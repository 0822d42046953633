package dev.rekey.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A KMS provider's endpoint as Go's {@code net/url} reads it, as far as a unix socket needs it: hosts are no use here, so only
 * plain ones are read.
 */
record KmsEndpoint(boolean valid, String scheme, String host, String path) {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)", Pattern.DOTALL);
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._~:-]*@)?[A-Za-z0-9._~-]*(:[0-9]*)?");
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final KmsEndpoint INVALID = new KmsEndpoint(false, "", "", "");

    static KmsEndpoint parse(String endpoint) {
        Matcher matcher = SCHEME.matcher(endpoint);
        if (!matcher.matches() || endpoint.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return INVALID;
        }
        String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
        int fragment = endpoint.indexOf('#');
        if (fragment >= 0
                && BAD_ESCAPE
                        .matcher(endpoint)
                        .region(fragment, endpoint.length())
                        .find()) {
            return INVALID;
        }
        String rest = cut(cut(matcher.group(2), '#'), '?');
        if (!rest.startsWith("/")) {
            return new KmsEndpoint(true, scheme, "", "");
        }
        String host = "";
        String path = rest;
        if (rest.startsWith("//")) {
            int slash = rest.indexOf('/', 2);
            host = rest.substring(2, slash < 0 ? rest.length() : slash);
            path = slash < 0 ? "" : rest.substring(slash);
        }
        if (!HOST.matcher(host).matches() || BAD_ESCAPE.matcher(path).find()) {
            return INVALID;
        }
        return new KmsEndpoint(true, scheme, host, unescaped(path));
    }

    /** The path that the server dials; {@code @name} for an abstract socket. */
    Optional<String> socket() {
        if (!scheme.equals("unix") || path.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(path.startsWith("/@") ? path.substring(1) : path);
    }

    private static String cut(String text, char at) {
        int index = text.indexOf(at);
        return index < 0 ? text : text.substring(0, index);
    }

    private static String unescaped(String path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] == '%') {
                bytes.write(Integer.parseInt(new String(utf8, i + 1, 2, StandardCharsets.UTF_8), 16));
                i += 2;
            } else {
                bytes.write(utf8[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
