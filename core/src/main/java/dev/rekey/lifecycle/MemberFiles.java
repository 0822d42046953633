package dev.rekey.lifecycle;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.Rendered;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.Encryption;
import dev.rekey.manifest.NodePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of one member, read. A {@link RefusedException} where one cannot be: it may hold the only copy of a key.
 *
 * @param referred the host file that the manifest's flag leads to; null without the flag
 * @param configurations of every file, by path
 */
record MemberFiles(
        MemberObservation seen,
        ApiServerManifest manifest,
        @Nullable NodePath referred,
        Map<NodePath, EncryptionConfiguration> configurations) {

    static MemberFiles of(MemberObservation seen) {
        ApiServerManifest manifest = manifest(seen);
        NodePath referred = referred(seen, manifest);
        return new MemberFiles(seen, manifest, referred, configurations(seen, referred));
    }

    /** The host file that the manifest's flag leads to; empty without the flag, or where that cannot be told. */
    static Optional<NodePath> referred(Rendered manifest) {
        try {
            return ApiServerManifest.parse(text(manifest)).encryption().flatMap(Encryption::hostPath);
        } catch (InvalidInputException | RefusedException e) {
            // The planner says so, with the member's name.
            return Optional.empty();
        }
    }

    /** By the hash that an apiserver would report. */
    Map<String, EncryptionConfiguration> byHash() {
        Map<String, EncryptionConfiguration> hashes = new TreeMap<>();
        configurations.forEach((path, configuration) ->
                hashes.put(seen.file(path).orElseThrow().sha256(), configuration));
        return hashes;
    }

    private static ApiServerManifest manifest(MemberObservation seen) {
        NodePath path = seen.layout().manifest();
        Rendered file = seen.file(path)
                .orElseThrow(() -> new RefusedException("member " + seen.name() + ": there is no manifest " + path
                        + ". Nothing was changed. Name the apiserver's static pod manifest in the layout"));
        try {
            return ApiServerManifest.parse(text(file));
        } catch (InvalidInputException | RefusedException e) {
            throw new RefusedException("member " + seen.name() + ", " + path + ": " + e.getMessage());
        }
    }

    private static @Nullable NodePath referred(MemberObservation seen, ApiServerManifest manifest) {
        if (manifest.encryption().isEmpty()) {
            return null;
        }
        return manifest.encryption()
                .get()
                .hostPath()
                .orElseThrow(() -> new RefusedException("member " + seen.name() + ", "
                        + seen.layout().manifest()
                        + ": no hostPath mount leads to the configuration file that the flag names, so"
                        + " its keys cannot be read. Nothing was changed. Mount its directory, or take the flag out"));
    }

    private static String text(Rendered file) {
        return new String(file.exposeBytes(), StandardCharsets.UTF_8);
    }

    private static Map<NodePath, EncryptionConfiguration> configurations(
            MemberObservation seen, @Nullable NodePath referred) {
        Map<NodePath, EncryptionConfiguration> configurations = new TreeMap<>();
        List<NodePath> paths = new ArrayList<>(
                List.of(seen.layout().managedPath(), seen.layout().customPath()));
        if (referred != null && !paths.contains(referred)) {
            paths.add(referred);
        }
        for (NodePath path : paths) {
            Optional<Rendered> file = seen.file(path);
            if (file.isPresent()) {
                configurations.put(path, parse(seen, path, file.get()));
            }
        }
        return configurations;
    }

    private static EncryptionConfiguration parse(MemberObservation seen, NodePath path, Rendered file) {
        try {
            return EncryptionConfiguration.parse(file.exposeBytes());
        } catch (InvalidInputException e) {
            throw new RefusedException(
                    "member " + seen.name() + ", " + path + ": " + e.getMessage()
                            + ". It may hold the only copy of a key. Nothing was changed. Mend the file or move it away by hand");
        }
    }
}
