package dev.rekey.lifecycle;

import dev.rekey.config.Rendered;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The content of a lock: who holds it, in a form that another process on the same host can test for life.
 *
 * @param holder for people: user and host
 * @param run one for each run
 * @param boot the kernel's boot id of the holder's host
 * @param pidNamespace in which {@code pid} means something
 * @param started the process's start in clock ticks since boot, which tells it from a later one of the same pid
 */
record LockFile(String holder, String run, String boot, String pidNamespace, String pid, String started) {

    Rendered render() {
        StringBuilder text =
                new StringBuilder("# Held by a run of Rekey. It is taken over by itself once the run is dead.\n");
        fields().forEach((name, value) ->
                text.append(name).append(": ").append(value).append('\n'));
        return Rendered.of(text.toString());
    }

    /** Whatever is missing is empty: such a lock is merely watched. */
    static LockFile parse(Rendered file) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : new String(file.exposeBytes(), StandardCharsets.UTF_8).split("\n", 20)) {
            int colon = line.indexOf(": ");
            if (colon > 0 && line.length() < 300) {
                fields.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        return new LockFile(
                fields.getOrDefault("holder", ""),
                fields.getOrDefault("run", ""),
                fields.getOrDefault("boot", ""),
                fields.getOrDefault("pidNamespace", ""),
                fields.getOrDefault("pid", ""),
                fields.getOrDefault("started", ""));
    }

    private Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("holder", holder);
        fields.put("run", run);
        fields.put("boot", boot);
        fields.put("pidNamespace", pidNamespace);
        fields.put("pid", pid);
        fields.put("started", started);
        return fields;
    }
}
