package dev.rekey.lifecycle;

import dev.rekey.RefusedException;
import dev.rekey.config.EncryptionConfiguration;
import dev.rekey.config.KubernetesVersion;
import dev.rekey.config.ServerProfile;
import dev.rekey.manifest.ApiServerManifest;
import dev.rekey.manifest.NodePath;
import dev.rekey.rotation.MemberConfigurations;
import dev.rekey.spi.ApiServerStatus.Loaded;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an observation of one member means.
 *
 * @param onDisk what the apiserver would have after a restart
 * @param loaded what it has; as {@code onDisk} where it is down
 */
record MemberState(MemberFiles files, EncryptionConfiguration onDisk, EncryptionConfiguration loaded, Proof proof) {

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

    /** @param byHash every configuration that any member has on file */
    static MemberState of(MemberFiles files, Map<String, EncryptionConfiguration> byHash) {
        MemberObservation seen = files.seen();
        EncryptionConfiguration onDisk = onDisk(files);
        requireHashProof(seen);
        Loaded loaded = seen.apiServer().loaded();
        return switch (loaded.kind()) {
            case UNKNOWN -> new MemberState(files, onDisk, onDisk, Proof.ASSUMED);
            case NONE -> new MemberState(files, onDisk, MemberConfigurations.NO_CONFIGURATION, Proof.PROVED);
            case CONFIGURATION -> {
                EncryptionConfiguration known = byHash.get(loaded.hex());
                yield known == null
                        ? new MemberState(files, onDisk, onDisk, Proof.UNPROVED)
                        : new MemberState(files, onDisk, known, Proof.PROVED);
            }
        };
    }

    private static EncryptionConfiguration onDisk(MemberFiles files) {
        if (files.referred() == null) {
            return MemberConfigurations.NO_CONFIGURATION;
        }
        EncryptionConfiguration onDisk = files.configurations().get(files.referred());
        if (onDisk == null) {
            throw new RefusedException("member " + files.seen().name() + ": the manifest names " + files.referred()
                    + ", and there is no such file, so the next restart would fail. Nothing was changed. Put the file back"
                    + " (another member or the archive may have it), or take the flag out");
        }
        return onDisk;
    }

    MemberObservation seen() {
        return files.seen();
    }

    ApiServerManifest manifest() {
        return files.manifest();
    }

    @Nullable
    NodePath referred() {
        return files.referred();
    }

    Map<NodePath, EncryptionConfiguration> configurations() {
        return files.configurations();
    }

    String name() {
        return seen().name();
    }

    Home home() {
        NodePath referred = referred();
        if (referred == null) {
            return Home.NONE;
        }
        if (referred.equals(seen().layout().managedPath())) {
            return Home.MANAGED;
        }
        return referred.equals(seen().layout().customPath()) ? Home.CUSTOM : Home.FOREIGN;
    }

    MemberConfigurations forStages() {
        return new MemberConfigurations(loaded, new ArrayList<>(configurations().values()));
    }

    /** The hash that the apiserver has or would have loaded; {@link Mark#NONE} without a configuration. */
    String loadedHash() {
        Loaded loadedNow = seen().apiServer().loaded();
        if (proof == Proof.ASSUMED) {
            return fileHash();
        }
        return loadedNow.kind() == Loaded.Kind.CONFIGURATION ? loadedNow.hex() : Mark.NONE;
    }

    /** The hash of the file that the flag leads to; {@link Mark#NONE} without the flag. */
    String fileHash() {
        NodePath referred = referred();
        return referred == null
                ? Mark.NONE
                : seen().file(referred).orElseThrow().sha256();
    }

    Optional<Mark> mark() {
        return seen().file(seen().layout().mark()).flatMap(Mark::parse);
    }

    boolean reloads() {
        return manifest()
                .encryption()
                .filter(e -> e.automaticReload() && !e.mountedAsFile())
                .isPresent();
    }

    /** The server's own way to read a configuration; empty version (a member that is down) counts as the oldest that is taken. */
    ServerProfile profile() {
        String version = seen().apiServer().version();
        ServerProfile profile = version.isEmpty() ? ServerProfile.of("v1.34.0") : ServerProfile.of(version);
        profile = profile.withAutomaticReload(true);
        for (String gate : manifest().flag("feature-gates").orElse("").split(",", -1)) {
            String[] parts = gate.trim().split("=", 2);
            if (parts.length == 2) {
                profile = profile.withFeatureGate(parts[0], Boolean.parseBoolean(parts[1]));
            }
        }
        return profile;
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
