package dev.rekey.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** A decoded pod, and the change that an edit is to be, made on it without any knowledge of the text. */
final class PodModel {
    private PodModel() {}

    static Object decode(String text) {
        String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(true)
                .build();
        return new Load(settings).loadAllFromString(withoutMark).iterator().next();
    }

    /** What enabling on a pod that has neither flag nor mount should give. */
    static Object enabled(String text, EncryptionSettings settings) {
        Map<String, Object> pod = map(decode(text));
        Map<String, Object> spec = map(pod.get("spec"));
        Map<String, Object> container = map(list(spec.get("containers")).stream()
                .filter(item -> list(map(item).get("command")).contains("kube-apiserver")
                        || "kube-apiserver".equals(map(item).get("name")))
                .findFirst()
                .orElseThrow());
        String words = list(container.get("args")).isEmpty() && container.get("command") != null ? "command" : "args";
        return enabled(pod, container, words, settings);
    }

    /** Whether it can be decoded here, which tags for other programs prevent, and compared, which bytes cannot be. */
    static boolean isDecodable(String text) {
        if (text.contains("!!binary")) {
            return false;
        }
        try {
            decode(text);
            return true;
        } catch (YamlEngineException e) {
            return false;
        }
    }

    /** Whether {@code after} is that, whichever container the apiserver's is, and in {@code command} or in {@code args}. */
    static boolean isEnabled(String before, String after, EncryptionSettings settings) {
        Object result = decode(after);
        int containers =
                list(map(map(decode(before)).get("spec")).get("containers")).size();
        for (int i = 0; i < containers; i++) {
            for (String words : List.of("command", "args")) {
                Map<String, Object> pod = map(decode(before));
                Map<String, Object> container =
                        map(list(map(pod.get("spec")).get("containers")).get(i));
                boolean fits = isList(container.get(words)) && isList(container.get("volumeMounts"));
                if (fits && enabled(pod, container, words, settings).equals(result)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Object enabled(
            Map<String, Object> pod, Map<String, Object> container, String words, EncryptionSettings settings) {
        add(container, words, "--encryption-provider-config=" + settings.configurationFile());
        if (settings.automaticReload()) {
            add(container, words, "--encryption-provider-config-automatic-reload=true");
        }
        String directory = settings.directory().value();
        add(container, "volumeMounts", Map.of("mountPath", directory, "name", settings.volumeName(), "readOnly", true));
        Map<String, Object> hostPath = Map.of("path", directory, "type", "DirectoryOrCreate");
        add(map(pod.get("spec")), "volumes", Map.of("hostPath", hostPath, "name", settings.volumeName()));
        return pod;
    }

    /** One more mount of the host in the first container, read-only and at the same path. */
    static Object mounted(Object pod, String name, String path, String type) {
        Map<String, Object> spec = map(map(pod).get("spec"));
        Map<String, Object> container = map(list(spec.get("containers")).get(0));
        add(container, "volumeMounts", Map.of("mountPath", path, "name", name, "readOnly", true));
        add(spec, "volumes", Map.of("hostPath", Map.of("path", path, "type", type), "name", name));
        return pod;
    }

    private static void add(Map<String, Object> parent, String key, Object item) {
        List<Object> items = new ArrayList<>(list(parent.get(key)));
        items.add(item);
        parent.put(key, items);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return value == null ? new LinkedHashMap<>() : (Map<String, Object>) value;
    }

    /** Nobody edits a container that has something else there, but it may stand beside the apiserver's. */
    private static boolean isList(@Nullable Object value) {
        return value == null || value instanceof List;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return value == null ? List.of() : (List<Object>) value;
    }
}
