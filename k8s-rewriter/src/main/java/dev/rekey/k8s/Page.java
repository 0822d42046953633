package dev.rekey.k8s;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a list.
 *
 * @param resourceVersion the revision of etcd that the list says it shows
 * @param next the token for the part that follows; empty = this is the last
 */
record Page(List<ObjectMetadata> items, String resourceVersion, String next) {
    Page {
        items = List.copyOf(items);
    }

    /** Of an answer to a list. An empty list of metadata has {@code items: null}. */
    static Page read(Reader body) throws IOException {
        JsonReader json = new JsonReader(body);
        List<ObjectMetadata> items = new ArrayList<>();
        String resourceVersion = "";
        String next = "";
        String kind = "";
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            if (field.equals("kind")) {
                kind = json.nextString();
            } else if (field.equals("items") && json.peek() == JsonToken.BEGIN_ARRAY) {
                json.beginArray();
                while (json.hasNext()) {
                    items.add(ObjectMetadata.ofItem(json));
                }
                json.endArray();
            } else if (field.equals("metadata")) {
                json.beginObject();
                while (json.hasNext()) {
                    switch (json.nextName()) {
                        case "resourceVersion" -> resourceVersion = json.nextString();
                        case "continue" -> next = json.nextString();
                        default -> json.skipValue();
                    }
                }
                json.endObject();
            } else {
                json.skipValue();
            }
        }
        json.endObject();
        if (!kind.equals("PartialObjectMetadataList")
                || resourceVersion.isEmpty()
                || items.stream().anyMatch(item -> item.name().isEmpty())
                || json.peek() != JsonToken.END_DOCUMENT) {
            throw new IllegalStateException("no list");
        }
        return new Page(items, resourceVersion, next);
    }
}
