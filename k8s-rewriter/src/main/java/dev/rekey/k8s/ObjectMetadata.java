package dev.rekey.k8s;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.Reader;

/**
 * The little that is kept of an object. Annotations are skipped unread: one of them may hold a whole Secret.
 *
 * @param deleted whether storing it now removes it: deletion was asked for, nothing holds it back
 */
record ObjectMetadata(String namespace, String name, String resourceVersion, boolean deleted) {

    /** Of an answer that is one object. */
    static ObjectMetadata ofObject(Reader body) throws IOException {
        JsonReader json = new JsonReader(body);
        ObjectMetadata metadata = ofItem(json);
        if (json.peek() != JsonToken.END_DOCUMENT
                || metadata.name().isEmpty()
                || metadata.resourceVersion().isEmpty()) {
            throw new IllegalStateException("no object");
        }
        return metadata;
    }

    /** Of the object that {@code json} stands at. */
    static ObjectMetadata ofItem(JsonReader json) throws IOException {
        ObjectMetadata metadata = new ObjectMetadata("", "", "", false);
        json.beginObject();
        while (json.hasNext()) {
            if (json.nextName().equals("metadata")) {
                metadata = fields(json);
            } else {
                json.skipValue();
            }
        }
        json.endObject();
        return metadata;
    }

    private static ObjectMetadata fields(JsonReader json) throws IOException {
        String namespace = "";
        String name = "";
        String resourceVersion = "";
        boolean deletion = false;
        boolean held = false;
        boolean graceOver = false;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "namespace" -> namespace = json.nextString();
                case "name" -> name = json.nextString();
                case "resourceVersion" -> resourceVersion = json.nextString();
                case "deletionTimestamp" -> {
                    deletion = true;
                    json.skipValue();
                }
                case "deletionGracePeriodSeconds" ->
                    graceOver = json.nextString().equals("0");
                case "finalizers" -> held = isFilled(json);
                default -> json.skipValue();
            }
        }
        json.endObject();
        return new ObjectMetadata(namespace, name, resourceVersion, deletion && graceOver && !held);
    }

    private static boolean isFilled(JsonReader json) throws IOException {
        boolean filled = false;
        json.beginArray();
        while (json.hasNext()) {
            filled = true;
            json.skipValue();
        }
        json.endArray();
        return filled;
    }
}
