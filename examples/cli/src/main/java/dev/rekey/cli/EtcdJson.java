package dev.rekey.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON of etcd: its answers, one after another, and objects that are stored as JSON. */
final class EtcdJson {
    private static final Gson STRICT =
            new GsonBuilder().setStrictness(Strictness.STRICT).create();
    private static final String ADVICE =
            "Give what etcdctl get prints, whole, also with -w json; or one stored object as it is in etcd";

    private static final int MOST_BLANKS = 64;

    private EtcdJson() {}

    /** Whether an opening brace comes first, but for blanks and the mark that some shells put in front. */
    static boolean begins(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, MOST_BLANKS), StandardCharsets.UTF_8);
        return text.startsWith("{", afterBlanks(text, 0));
    }

    /** The values in {@code input}, which {@link #begins} so. */
    static List<EtcdValues.Value> values(Input input) {
        String text = input.text();
        List<EtcdValues.Value> values = new ArrayList<>();
        int end = 0;
        for (int at = afterBlanks(text, 0); at < text.length(); at = afterBlanks(text, end)) {
            end = end(text, at);
            Optional<JsonObject> parsed = end < 0 ? Optional.empty() : parsed(text.substring(at, end));
            if (parsed.isEmpty()) {
                throw input.invalid("begins as JSON and is cut off, or goes on as something else", ADVICE);
            }
            boolean alone = at == 0 && afterBlanks(text, end) == text.length();
            byte[] bytes = alone ? input.bytes() : text.substring(at, end).getBytes(StandardCharsets.UTF_8);
            values.addAll(values(input, parsed.get(), bytes));
        }
        return values;
    }

    /** Whether {@code value} is a whole object of Kubernetes as JSON. */
    static boolean isObject(byte[] value) {
        return parsed(new String(value, StandardCharsets.UTF_8))
                .filter(EtcdJson::isObject)
                .isPresent();
    }

    private static boolean isObject(JsonObject object) {
        return object.has("apiVersion") && object.has("kind");
    }

    private static List<EtcdValues.Value> values(Input input, JsonObject object, byte[] bytes) {
        if (isObject(object)) {
            if (isFromAnApiServer(object)) {
                throw input.invalid(
                        "is what an apiserver answers, decrypted, and says nothing of what is stored", ADVICE);
            }
            return List.of(new EtcdValues.Value(Optional.empty(), bytes));
        }
        if (!object.has("header")) {
            throw input.invalid("is JSON, but neither an answer of etcd nor an object of Kubernetes", ADVICE);
        }
        try {
            return answered(object);
        } catch (IllegalStateException
                | ClassCastException
                | IllegalArgumentException
                | UnsupportedOperationException e) {
            throw input.invalid("is no answer of etcd", ADVICE);
        }
    }

    /** An apiserver takes the resource version out of what it stores. */
    private static boolean isFromAnApiServer(JsonObject object) {
        return object.get("metadata") instanceof JsonObject metadata && metadata.has("resourceVersion");
    }

    private static List<EtcdValues.Value> answered(JsonObject answer) {
        List<EtcdValues.Value> values = new ArrayList<>();
        if (answer.has("kvs")) {
            for (JsonElement pair : answer.getAsJsonArray("kvs")) {
                Map<String, JsonElement> fields = pair.getAsJsonObject().asMap();
                String key = new String(decoded(fields.get("key")), StandardCharsets.UTF_8);
                values.add(new EtcdValues.Value(Optional.of(key), decoded(fields.get("value"))));
            }
        }
        return values;
    }

    /** etcd leaves empty fields out. */
    private static byte[] decoded(@Nullable JsonElement field) {
        return field == null ? new byte[0] : Base64.getDecoder().decode(field.getAsString());
    }

    private static Optional<JsonObject> parsed(String text) {
        try {
            return Optional.ofNullable(STRICT.fromJson(text, JsonObject.class));
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }

    /** Where the object that begins at {@code from} ends; -1 where it does not, or none begins there. */
    private static int end(String text, int from) {
        int depth = 0;
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else {
                    quoted = c != '"';
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth--;
            }
            if (depth == 0) {
                return c == '}' ? i + 1 : -1;
            }
        }
        return -1;
    }

    private static int afterBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && " \t\r\n\uFEFF".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }
}
