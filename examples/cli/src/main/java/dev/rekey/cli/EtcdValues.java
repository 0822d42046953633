package dev.rekey.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values of etcd in the forms that {@code etcdctl get} prints them in. */
final class EtcdValues {
    private static final int MAX_KEY = 4096;

    /** A value, and its key where the input says it. */
    static final class Value {
        private final Optional<String> key;
        private final byte[] bytes;

        Value(Optional<String> key, byte[] bytes) {
            this.key = key;
            this.bytes = bytes;
        }

        Optional<String> key() {
            return key;
        }

        /** As it is, and without the line end that etcdctl puts after it: a value of any kind may end in one itself. */
        List<byte[]> readings() {
            boolean ends = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
            return ends ? List.of(bytes, Arrays.copyOf(bytes, bytes.length - 1)) : List.of(bytes);
        }
    }

    private EtcdValues() {}

    /** All in the output of {@code -w json}; one where it is the key's line and the value, or the value alone. */
    static List<Value> in(Input input) {
        byte[] bytes = input.bytes();
        Optional<JsonObject> answer = answer(bytes);
        if (answer.isPresent()) {
            return of(input, answer.get());
        }
        int line = indexOf(bytes, '\n');
        if (bytes.length > 0 && bytes[0] == '/' && line > 0 && line <= MAX_KEY) {
            String key = new String(bytes, 0, line, StandardCharsets.UTF_8);
            return List.of(new Value(Optional.of(key), Arrays.copyOfRange(bytes, line + 1, bytes.length)));
        }
        return List.of(new Value(Optional.empty(), bytes));
    }

    /** What etcd answered; a stored object may be JSON too, and has other fields. */
    private static Optional<JsonObject> answer(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != '{') {
            return Optional.empty();
        }
        try {
            JsonElement parsed = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8));
            return Optional.of(parsed.getAsJsonObject())
                    .filter(object -> object.has("header") && !object.has("apiVersion"));
        } catch (JsonParseException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static List<Value> of(Input input, JsonObject answer) {
        List<Value> values = new ArrayList<>();
        try {
            if (answer.has("kvs")) {
                for (JsonElement pair : answer.getAsJsonArray("kvs")) {
                    Map<String, JsonElement> fields = pair.getAsJsonObject().asMap();
                    byte[] key = decoded(fields.get("key"));
                    values.add(new Value(
                            Optional.of(new String(key, StandardCharsets.UTF_8)), decoded(fields.get("value"))));
                }
            }
        } catch (IllegalStateException
                | ClassCastException
                | IllegalArgumentException
                | UnsupportedOperationException e) {
            throw input.invalid("is no answer of etcd", "Give what etcdctl get -w json prints");
        }
        return values;
    }

    /** etcd leaves empty fields out. */
    private static byte[] decoded(@Nullable JsonElement field) {
        return field == null ? new byte[0] : Base64.getDecoder().decode(field.getAsString());
    }

    private static int indexOf(byte[] bytes, char c) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == c) {
                return i;
            }
        }
        return -1;
    }
}
