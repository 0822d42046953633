package dev.rekey.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** A KMS provider's endpoint. */
record KmsEndpoint(String scheme, String host, String path) {

    static KmsEndpoint parse(String endpoint) {
        try {
            URI uri = new URI(endpoint);
            String path = uri.getPath();
            return new KmsEndpoint(
                    String.valueOf(uri.getScheme()), String.valueOf(uri.getAuthority()), path == null ? "" : path);
        } catch (URISyntaxException e) {
            return new KmsEndpoint("", "", "");
        }
    }

    /** The path that the server dials; {@code @name} for an abstract socket. */
    Optional<String> socket() {
        if (!scheme.equals("unix") || path.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(path.startsWith("/@") ? path.substring(1) : path);
    }
}
