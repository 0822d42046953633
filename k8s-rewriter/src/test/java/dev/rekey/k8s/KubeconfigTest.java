package dev.rekey.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KubeconfigTest {
    private static final URI SERVER = URI.create("https://10.0.0.1:6443");
    private static final String NEEDLE = "d0ntpr1ntm3";

    @TempDir
    private Path directory;

    static Stream<Arguments> whatCannotBeUsed() {
        String contexts = "contexts: [{name: c, context: {cluster: k, user: u}}]\n";
        String clusters = "clusters: [{name: k, cluster: {server: 'https://10.0.0.1:6443'}}]\n";
        String users = "users: [{name: u, user: {token: " + NEEDLE + "}}]\n";
        String current = "current-context: c\n";
        return Stream.of(
                Arguments.of("", "it is no YAML with a current-context"),
                Arguments.of("just text", "it is no YAML with a current-context"),
                Arguments.of("token: \"" + NEEDLE, "it is no YAML with a current-context"),
                Arguments.of("[".repeat(5000) + NEEDLE, "it is no YAML with a current-context"),
                Arguments.of("contexts: " + NEEDLE, "it is no YAML with a current-context"),
                Arguments.of(contexts + clusters + users, "it has no current-context"),
                Arguments.of(
                        "current-context: " + NEEDLE + "\n" + contexts + clusters + users,
                        "it names a context that is not in it"),
                Arguments.of(current + contexts + users, "it names a cluster that is not in it"),
                Arguments.of(current + contexts + clusters, "it names a user that is not in it"),
                Arguments.of(
                        current + "contexts: [{name: c, context: {user: u}}]\n" + clusters + users,
                        "its context names no cluster"),
                Arguments.of(
                        current + contexts + "clusters: [{name: k, cluster: {}}]\n" + users,
                        "its cluster has no server"),
                Arguments.of(
                        current + contexts + "clusters: [{name: k, cluster: {server: 'ftp://" + NEEDLE + "'}}]\n"
                                + users,
                        "its cluster's server is no address like"),
                Arguments.of(
                        current + contexts + "clusters: [{name: k, cluster: {server: 12}}]\n" + users,
                        "the server of its cluster is no text"),
                Arguments.of(
                        current + contexts + cluster("proxy-url: http://p") + users, "its cluster has a proxy-url"),
                Arguments.of(
                        current + contexts + cluster("certificate-authority-data: bm9uZQ==") + users,
                        "the cluster's certificate authority is no PEM certificate"),
                Arguments.of(
                        current + contexts + cluster("certificate-authority: none.crt") + users,
                        "the file that the certificate-authority of its cluster names cannot be read"),
                Arguments.of(
                        current + contexts + cluster("insecure-skip-tls-verify: 'yes'") + users,
                        "the insecure-skip-tls-verify of its cluster is neither true nor false"),
                Arguments.of(current + contexts + clusters + user(""), "its user has no credentials"),
                Arguments.of(
                        current + contexts + clusters + user("token: '" + NEEDLE + " \u00e9'"),
                        "the token of its user is empty or holds characters that no token has"),
                Arguments.of(
                        current + contexts + clusters + user("tokenFile: none"),
                        "the file that the tokenFile of its user names cannot be read"),
                Arguments.of(
                        current + contexts + clusters + user("username: a, password: " + NEEDLE),
                        "its user has username"),
                Arguments.of(
                        current + contexts + clusters + user("token: x, as: " + NEEDLE),
                        "its user has as, which is not supported"),
                Arguments.of(
                        current + contexts + clusters + user("auth-provider: {name: oidc}"),
                        "its user has auth-provider"),
                Arguments.of(
                        current + contexts + clusters + user("client-certificate-data: bm9uZQ=="),
                        "its user has a client certificate without a key"),
                Arguments.of(
                        current
                                + contexts
                                + clusters
                                + user("client-certificate-data: bm9uZQ==, client-key-data: bm9uZQ=="),
                        "the client certificate is no PEM certificate"),
                Arguments.of(
                        current + contexts + clusters + user("client-certificate: a/b"),
                        "the file that the client-certificate of its user names cannot be read"),
                Arguments.of(
                        current + contexts + clusters + exec("/bin/false", ""),
                        "its credential command failed with exit status 1"),
                Arguments.of(
                        current + contexts + clusters + exec("/nowhere/command", ""),
                        "its credential command cannot be run"),
                Arguments.of(
                        current + contexts + clusters + exec("\"./a\\0\"", ""), "its credential command cannot be run"),
                Arguments.of(
                        current + contexts + clusters + exec("echo, env: [{name: A, value: \"a\\0\"}]", NEEDLE),
                        "its credential command cannot be run"),
                Arguments.of(
                        current + contexts + clusters + exec("echo", NEEDLE),
                        "its credential command printed no ExecCredential"));
    }

    @ParameterizedTest
    @MethodSource("whatCannotBeUsed")
    void aFileThatCannotBeUsed_isRefusedWithTheReasonAndNothingOfItsContent(String text, String reason) {
        Path file = TestServers.write(directory.resolve("admin.conf"), text);

        assertThatThrownBy(() -> KubernetesAccess.fromKubeconfig(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("kubeconfig " + file + ": " + reason)
                .hasMessageContaining("; nothing was changed. Mend the file, or name another")
                .hasMessageNotContaining(NEEDLE)
                .hasNoCause();
    }

    @Test
    void noFileADirectoryAndOneThatIsNoText_areToldApart() throws Exception {
        assertThatThrownBy(() -> KubernetesAccess.fromKubeconfig(directory.resolve("none")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> KubernetesAccess.fromKubeconfig(directory))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("it cannot be read");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> KubernetesAccess.fromKubeconfig(binary))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("it is no UTF-8 text (PowerShell's > makes UTF-16: convert it)");
    }

    @Test
    void filesThatItNames_areSoughtBesideIt() {
        TestServers.write(directory.resolve("token"), "abc\n");

        Kubeconfig kubeconfig =
                Kubeconfig.read(TestServers.kubeconfig(directory, SERVER, "token: other, tokenFile: token"));

        assertThat(kubeconfig.credentials().authorization()).isEqualTo("Bearer abc");
    }

    @Test
    void aCredentialCommand_isToldWhatIsAskedAndRunAnewWhenItsTokenHasRunOut() throws Exception {
        Path command = TestServers.write(directory.resolve("login"), """
                #!/bin/sh
                echo "$KUBERNETES_EXEC_INFO $PLACE" >> "$(dirname "$0")/asked"
                n=$(wc -l < "$(dirname "$0")/asked")
                echo "{\\"kind\\":\\"ExecCredential\\",\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"status\\":{\\"token\\":\\"t$n\\"}}"
                """);
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));

        Credentials credentials = Kubeconfig.read(TestServers.kubeconfig(
                        directory,
                        SERVER,
                        "exec: {command: ./login, apiVersion: client.authentication.k8s.io/v1, provideClusterInfo: true,"
                                + " env: [{name: PLACE, value: here}]}"))
                .credentials();

        assertThat(credentials.authorization()).isEqualTo("Bearer t1");
        assertThat(credentials.renew("Bearer t1")).isTrue();
        assertThat(credentials.authorization()).isEqualTo("Bearer t2");
        assertThat(credentials.renew("Bearer t1"))
                .as("another thread has renewed it")
                .isTrue();
        assertThat(Files.readAllLines(directory.resolve("asked")))
                .hasSize(2)
                .contains("{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
                        + "\"spec\":{\"interactive\":false,\"cluster\":{\"server\":\"https://10.0.0.1:6443\"}}} here");
    }

    @Test
    void aFixedToken_cannotBeRenewed() {
        Credentials credentials = Kubeconfig.read(TestServers.kubeconfig(directory, SERVER, "token: " + NEEDLE))
                .credentials();

        assertThat(credentials.renew("Bearer " + NEEDLE)).isFalse();
        assertThat(credentials.toString()).doesNotContain(NEEDLE);
    }

    @Test
    void members_needAnAddressOfTheirOwn() {
        Path file = TestServers.kubeconfig(directory, SERVER, "token: x");
        try (KubernetesAccess access = KubernetesAccess.fromKubeconfig(file).member("cp1", SERVER)) {
            for (URI bad : List.of(
                    URI.create("10.0.0.2"), URI.create("http://10.0.0.2:6443"), URI.create("https://u:p@10.0.0.2"))) {
                assertThatThrownBy(() -> access.member("cp2", bad))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining(
                                "member cp2: its apiserver's address is not one like https://10.0.0.1:6443");
            }
            assertThatThrownBy(() -> access.member("cp2", SERVER))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("is that of another member");
            assertThatThrownBy(() -> access.member("cp1", URI.create("https://10.0.0.2:6443")))
                    .isInstanceOf(InvalidInputException.class);
            access.probe().close();
            assertThatThrownBy(() -> access.member("cp3", URI.create("https://10.0.0.3:6443")))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    private static String cluster(String more) {
        return "clusters: [{name: k, cluster: {server: 'https://10.0.0.1:6443', " + more + "}}]\n";
    }

    private static String user(String content) {
        return "users: [{name: u, user: {" + content + "}}]\n";
    }

    private static String exec(String command, String argument) {
        return user("exec: {apiVersion: client.authentication.k8s.io/v1, command: " + command + ", args: ['" + argument
                + "']}");
    }
}
