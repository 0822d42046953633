package dev.rekey.kubeone;

import java.util.Optional;

/** What is said of a host, to be completed with KubeOne's defaults. */
record HostFields(
        String hostname,
        String publicAddress,
        String privateAddress,
        String user,
        int port,
        String privateKeyFile,
        String certificateFile,
        String agentSocket,
        String hostKey,
        String bastion,
        int bastionPort,
        String bastionUser,
        String bastionPrivateKeyFile,
        String bastionHostKey) {

    private static final int SSH_PORT = 22;

    /** Empty without an address. */
    Optional<KubeOneHost> host() {
        String anyPublic = or(publicAddress, privateAddress);
        if (anyPublic.isEmpty()) {
            return Optional.empty();
        }
        String login = or(user, "root");
        String agent = privateKeyFile.isEmpty() ? or(agentSocket, "env:SSH_AUTH_SOCK") : agentSocket;
        SshAccess ssh = new SshAccess(anyPublic, or(port), login, privateKeyFile, certificateFile, agent, hostKey);
        SshAccess jump = new SshAccess(
                bastion,
                or(bastionPort),
                or(bastionUser, login),
                or(bastionPrivateKeyFile, privateKeyFile),
                bastionPrivateKeyFile.isEmpty() ? certificateFile : "",
                agent,
                bastionHostKey);
        return Optional.of(new KubeOneHost(
                hostname,
                anyPublic,
                or(privateAddress, publicAddress),
                ssh,
                bastion.isEmpty() ? Optional.empty() : Optional.of(jump)));
    }

    private static String or(String said, String otherwise) {
        return said.isEmpty() ? otherwise : said;
    }

    private static int or(int port) {
        return port == 0 ? SSH_PORT : port;
    }
}
