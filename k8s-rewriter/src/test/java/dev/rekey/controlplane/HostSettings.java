package dev.rekey.controlplane;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A static-pod host.
 *
 * @param hostName what the apiserver takes for the name of its host, where this machine can give it one of its own
 * @param manifests the directory that kubelet watches
 * @param kubeApiServer the program to run where a manifest says {@code kube-apiserver}
 * @param log what kubelet would say, and what the apiserver prints
 * @param relist how often the directory is read as a whole; kubelet's own is 20 s
 * @param restartPause after the second death in a row, doubling up to thirty times itself; kubelet's own is 10 s
 * @param grace how long a container may take to end before it is killed
 */
record HostSettings(
        String hostName,
        Path manifests,
        Path kubeApiServer,
        Map<String, String> environment,
        Path log,
        Duration relist,
        Duration restartPause,
        Duration grace) {
    HostSettings {
        environment = Map.copyOf(environment);
    }
}
