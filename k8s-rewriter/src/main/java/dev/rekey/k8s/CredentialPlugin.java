package dev.rekey.k8s;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The command under {@code exec} of a user. The client's own way goes on without credentials when the command fails and waits for
 * ever when it hangs; this one refuses, and stops it after 20 s.
 *
 * @param clusterInfo what the command may ask to know about the cluster, as JSON
 */
record CredentialPlugin(
        String apiVersion,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        JsonObject clusterInfo) {
    private static final int MAX_BYTES = 1 << 20;
    private static final int SECONDS = 20;

    CredentialPlugin {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** The object {@code status}: a token, or a certificate and its key. */
    JsonObject status() throws UnusableException {
        byte[] output;
        int exit;
        try {
            Process process = builder().start();
            process.getOutputStream().close();
            var unused = process.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                return process;
            });
            output = process.getInputStream().readNBytes(MAX_BYTES);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new UnusableException("its credential command did not end within " + SECONDS + " s");
            }
            exit = process.exitValue();
        } catch (IOException | IllegalArgumentException e) {
            // The latter where a word of it or of its environment holds a NUL.
            throw new UnusableException("its credential command cannot be run");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableException("its credential command was interrupted");
        }
        if (exit != 0) {
            throw new UnusableException("its credential command failed with exit status " + exit);
        }
        JsonObject answer = Json.object(new String(output, StandardCharsets.UTF_8));
        if (!Json.text(answer, "kind").equals("ExecCredential")
                || !Json.text(answer, "apiVersion").equals(apiVersion)) {
            throw new UnusableException(
                    "its credential command printed no ExecCredential of the apiVersion that the file asks for");
        }
        return Json.child(answer, "status");
    }

    private ProcessBuilder builder() {
        List<String> words = new ArrayList<>(command);
        if (words.get(0).contains("/")) {
            words.set(0, directory.resolve(words.get(0)).normalize().toString());
        }
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        JsonObject spec = new JsonObject();
        spec.addProperty("interactive", false);
        if (clusterInfo.size() > 0) {
            spec.add("cluster", clusterInfo);
        }
        JsonObject info = new JsonObject();
        info.addProperty("kind", "ExecCredential");
        info.addProperty("apiVersion", apiVersion);
        info.add("spec", spec);
        builder.environment().put("KUBERNETES_EXEC_INFO", info.toString());
        return builder;
    }
}
