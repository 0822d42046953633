package dev.rekey.k8s;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map of a kubeconfig. {@code what} is its kind, for refusals: names are content of the file too. */
record Section(String what, Map<?, ?> values) {

    /** The map under {@code what} of the entry {@code name} in one of the three lists. */
    static Section named(@Nullable List<?> entries, String name, String what) throws UnusableException {
        if (name.isEmpty()) {
            throw new UnusableException("its context names no " + what);
        }
        for (Object entry : entries == null ? List.of() : entries) {
            if (entry instanceof Map<?, ?> map
                    && name.equals(map.get("name"))
                    && map.get(what) instanceof Map<?, ?> values) {
                return new Section(what, values);
            }
        }
        throw new UnusableException("it names a " + what + " that is not in it");
    }

    /** Empty where absent. */
    String text(String key) throws UnusableException {
        Object value = values.get(key);
        if (value == null) {
            return "";
        }
        if (value instanceof String text) {
            return text;
        }
        throw new UnusableException("the " + key + " of its " + what + " is no text");
    }

    boolean flag(String key) throws UnusableException {
        Object value = values.get(key);
        if (value != null && !(value instanceof Boolean)) {
            throw new UnusableException("the " + key + " of its " + what + " is neither true nor false");
        }
        return Boolean.TRUE.equals(value);
    }

    /** Whether {@code key} is there with any value. */
    boolean has(String key) {
        return values.get(key) != null;
    }

    Section child(String key) throws UnusableException {
        if (values.get(key) instanceof Map<?, ?> map) {
            return new Section(key, map);
        }
        throw new UnusableException("the " + key + " of its " + what + " is no map");
    }

    List<String> texts(String key) throws UnusableException {
        List<String> texts = new ArrayList<>();
        if (values.get(key) instanceof List<?> list) {
            for (Object item : list) {
                texts.add(new Section(key, Map.of("item", item)).text("item"));
            }
        }
        return texts;
    }

    /** A list of maps of {@code name} and {@code value}. */
    Map<String, String> pairs(String key) throws UnusableException {
        Map<String, String> pairs = new HashMap<>();
        if (values.get(key) instanceof List<?> list) {
            for (Object item : list) {
                Section pair = new Section(what, Map.of(key, item)).child(key);
                pairs.put(pair.text("name"), pair.text("value"));
            }
        }
        return pairs;
    }

    /** The decoded {@code data}, else the bytes of the file that {@code path} names, seen from {@code file}; null where neither is given. */
    byte @Nullable [] dataOrFile(Path file, String data, String path) throws UnusableException {
        if (!text(data).isEmpty()) {
            try {
                return Base64.getMimeDecoder().decode(text(data));
            } catch (IllegalArgumentException e) {
                throw new UnusableException("the " + data + " of its " + what + " is no base64");
            }
        }
        return text(path).isEmpty() ? null : bytes(file, path);
    }

    /** The bytes of the file that {@code key} names. */
    byte[] bytes(Path file, String key) throws UnusableException {
        try {
            return Files.readAllBytes(file.toAbsolutePath().resolveSibling(text(key)));
        } catch (IOException | InvalidPathException e) {
            throw new UnusableException("the file that the " + key + " of its " + what + " names cannot be read");
        }
    }

    @Override
    public String toString() {
        return "Section[" + what + "]";
    }
}
