package dev.rekey.k8s;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One request; {@code path} is already escaped, {@code query} is not. An empty body is none. */
record Request(
        String method,
        String path,
        List<Map.Entry<String, String>> query,
        String accept,
        String contentType,
        String body) {
    static final String JSON = "application/json";
    static final String METADATA = JSON + ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    static final String METADATA_LIST = JSON + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    Request {
        query = List.copyOf(query);
    }

    static Request get(String path) {
        return new Request("GET", path, List.of(), JSON, "", "");
    }

    static Request post(String path, String json) {
        return new Request("POST", path, List.of(), JSON, JSON, json);
    }

    static Request mergePatch(String path, String json) {
        return new Request("PATCH", path, List.of(), JSON, "application/merge-patch+json", json);
    }

    Request accept(String mediaType) {
        return new Request(method, path, query, mediaType, contentType, body);
    }

    Request with(String name, String value) {
        List<Map.Entry<String, String>> longer = new ArrayList<>(query);
        longer.add(Map.entry(name, value));
        return new Request(method, path, longer, accept, contentType, body);
    }

    /** A path segment: names may hold colons, blanks and more. */
    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without query and body: what they hold is nobody's business. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
