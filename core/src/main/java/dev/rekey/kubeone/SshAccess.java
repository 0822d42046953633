package dev.rekey.kubeone;

/**
 * How KubeOne would log in, with its defaults filled in.
 *
 * @param host name or address
 * @param privateKeyFile a path on the machine that KubeOne runs on, {@code ~} included; empty where the agent is used
 * @param certificateFile of the private key; empty where there is none
 * @param agentSocket a path, or {@code env:NAME} for what that variable says; empty where a key file is given without one
 * @param hostKey the host's public key in base64, as in a line of {@code known_hosts}; empty where it is not pinned
 */
public record SshAccess(
        String host,
        int port,
        String user,
        String privateKeyFile,
        String certificateFile,
        String agentSocket,
        String hostKey) {}
