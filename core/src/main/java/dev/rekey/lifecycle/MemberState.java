package dev.rekey.lifecycle;

import dev.rekey.InvalidInputException;
import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.KubernetesVersion;
import dev.rekey.config.Rendered;
import dev.rekey.config.ServerProfile;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.NodePath;
import dev.rekey.rotation.MemberConfigurations;
import dev.rekey.spi.ApiServerStatus.Loaded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an observation of one member means.
 *
 * @param referred the host file that the manifest's flag leads to; null without the flag
 * @param configurations of every file, by path
 * @param onDisk what the apiserver would have after a restart
 * @param loaded what it has; as {@code onDisk} where it is down
 */
record MemberState(
        MemberObservation seen,
        ApiServerManifest manifest,
        @Nullable NodePath referred,
        Map<NodePath, EncryptionConfiguration> configurations,
        EncryptionConfiguration onDisk,
        EncryptionConfiguration loaded,
        Proof proof) {

    /** How well {@code loaded} is known. */
    enum Proof {
        /** The apiserver says so itself. */
        PROVED,
        /** The apiserver is down; its files are taken for what it will load. */
        ASSUMED,
        /** It reports a hash that no known file has. */
        UNPROVED
    }

    /** Where the flag leads. */
    enum Home {
        /** There is no flag. */
        NONE,
        /** The managed file. */
        MANAGED,
        /** The custom file. */
        CUSTOM,
        /** A path outside the layout. */
        FOREIGN
    }

    static MemberState of(MemberObservation seen, Map<String, EncryptionConfiguration> byHash) {
        ApiServerManifest manifest = manifest(seen);
        NodePath referred = referred(seen, manifest);
        Map<NodePath, EncryptionConfiguration> configurations = configurations(seen, referred);
        EncryptionConfiguration onDisk = MemberConfigurations.NO_CONFIGURATION;
        if (referred != null) {
            onDisk = configurations.get(referred);
            if (onDisk == null) {
                throw new RefusedException("member " + seen.name() + ": the manifest names " + referred
                        + ", and there is no such file, so the next restart would fail. Nothing was changed. Put the file back"
                        + " (another member or the archive may have it), or take the flag out");
            }
        }
        requireHashProof(seen);
        Loaded loaded = seen.apiServer().loaded();
        if (loaded.kind() == Loaded.Kind.UNKNOWN) {
            return new MemberState(seen, manifest, referred, configurations, onDisk, onDisk, Proof.ASSUMED);
        }
        if (loaded.kind() == Loaded.Kind.NONE) {
            return new MemberState(
                    seen,
                    manifest,
                    referred,
                    configurations,
                    onDisk,
                    MemberConfigurations.NO_CONFIGURATION,
                    Proof.PROVED);
        }
        EncryptionConfiguration known = byHash.get(loaded.hex());
        return known == null
                ? new MemberState(seen, manifest, referred, configurations, onDisk, onDisk, Proof.UNPROVED)
                : new MemberState(seen, manifest, referred, configurations, onDisk, known, Proof.PROVED);
    }

    /** Every configuration file of the member, by the hash that an apiserver would report. */
    static Map<String, EncryptionConfiguration> hashes(MemberObservation seen) {
        Map<String, EncryptionConfiguration> hashes = new TreeMap<>();
        configurations(seen, referred(seen, manifest(seen)))
                .forEach((path, configuration) ->
                        hashes.put(seen.file(path).orElseThrow().sha256(), configuration));
        return hashes;
    }

    String name() {
        return seen.name();
    }

    Home home() {
        if (referred == null) {
            return Home.NONE;
        }
        if (referred.equals(seen.layout().managedPath())) {
            return Home.MANAGED;
        }
        return referred.equals(seen.layout().customPath()) ? Home.CUSTOM : Home.FOREIGN;
    }

    MemberConfigurations forStages() {
        return new MemberConfigurations(loaded, new ArrayList<>(configurations.values()));
    }

    /** The hash that the apiserver has or would have loaded; {@link Mark#NONE} without a configuration. */
    String loadedHash() {
        Loaded loadedNow = seen.apiServer().loaded();
        if (proof == Proof.ASSUMED) {
            return fileHash();
        }
        return loadedNow.kind() == Loaded.Kind.CONFIGURATION ? loadedNow.hex() : Mark.NONE;
    }

    /** The hash of the file that the flag leads to; {@link Mark#NONE} without the flag. */
    String fileHash() {
        return referred == null ? Mark.NONE : seen.file(referred).orElseThrow().sha256();
    }

    Optional<Mark> mark() {
        return seen.file(seen.layout().mark()).flatMap(Mark::parse);
    }

    boolean reloads() {
        return manifest.encryption()
                .filter(e -> e.automaticReload() && !e.mountedAsFile())
                .isPresent();
    }

    /** The server's own way to read a configuration; empty version (a member that is down) counts as the oldest that is taken. */
    ServerProfile profile() {
        String version = seen.apiServer().version();
        ServerProfile profile = version.isEmpty() ? ServerProfile.of("v1.34.0") : ServerProfile.of(version);
        profile = profile.withAutomaticReload(true);
        for (String gate : manifest.flag("feature-gates").orElse("").split(",", -1)) {
            String[] parts = gate.trim().split("=", 2);
            if (parts.length == 2) {
                profile = profile.withFeatureGate(parts[0], Boolean.parseBoolean(parts[1]));
            }
        }
        return profile;
    }

    private static ApiServerManifest manifest(MemberObservation seen) {
        NodePath path = seen.layout().manifest();
        Rendered file = seen.file(path)
                .orElseThrow(() -> new RefusedException("member " + seen.name() + ": there is no manifest " + path
                        + ". Nothing was changed. Name the apiserver's static pod manifest in the layout"));
        try {
            return ApiServerManifest.parse(new String(file.exposeBytes(), StandardCharsets.UTF_8));
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

    private static void requireHashProof(MemberObservation seen) {
        String version = seen.apiServer().version();
        if (!version.isEmpty() && !KubernetesVersion.parse(version).isAtLeast(1, 34)) {
            throw new RefusedException("member " + seen.name() + " runs Kubernetes " + version
                    + ", which does not report what it has loaded (1.34 and later do), so nothing could be proved. Nothing was"
                    + " changed. Versions before 1.34 are not supported yet: upgrade the apiserver first");
        }
    }
}
