package dev.rekey.config;

import dev.rekey.internal.Texts;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What decides how a kube-apiserver reads its configuration.
 *
 * @param featureGates of {@code --feature-gates}, only those that are set
 * @param automaticReload whether {@code --encryption-provider-config-automatic-reload} is on
 */
public record ServerProfile(KubernetesVersion version, Map<String, Boolean> featureGates, boolean automaticReload)
        implements Serializable {
    /** Copies the map. */
    public ServerProfile {
        featureGates = Map.copyOf(Texts.keysOf(featureGates));
    }

    /** A server of that version with no feature gate set and without automatic reload. */
    public static ServerProfile of(String version) {
        return of(KubernetesVersion.parse(version));
    }

    /** A server of that version with no feature gate set and without automatic reload. */
    public static ServerProfile of(KubernetesVersion version) {
        return new ServerProfile(version, Map.of(), false);
    }

    /** The same with the gate set. */
    public ServerProfile withFeatureGate(String name, boolean enabled) {
        Map<String, Boolean> gates = new TreeMap<>(featureGates);
        gates.put(name, enabled);
        return new ServerProfile(version, gates, automaticReload);
    }

    /** The same with automatic reload on or off. */
    public ServerProfile withAutomaticReload(boolean enabled) {
        return new ServerProfile(version, featureGates, enabled);
    }

    /** What this version can do. */
    public Capabilities capabilities() {
        return Capabilities.of(version);
    }

    /** Whether KMS v1 providers start: on by default until 1.28, by the gate {@code KMSv1} since. */
    public boolean kmsV1() {
        return featureGates.getOrDefault("KMSv1", capabilities().kmsV1ByDefault());
    }

    /** Whether KMS v2 providers start: a gate that was off in 1.25 and 1.26, and always on since 1.29. */
    public boolean kmsV2() {
        Capabilities can = capabilities();
        return can.kmsV2Always() || (can.kmsV2Known() && featureGates.getOrDefault("KMSv2", can.kmsV2ByDefault()));
    }
}
