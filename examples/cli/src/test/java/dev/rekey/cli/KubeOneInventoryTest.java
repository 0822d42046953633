package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.rekey.testing.FakeControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeOneInventoryTest {
    private static final String HEAD = """
            apiVersion: kubeone.k8c.io/v1beta3
            kind: KubeOneCluster
            name: k1-cluster
            versions: {kubernetes: 1.36.3}
            """;

    /** 51 zero bytes, and what ssh-keygen would say of them. */
    private static final String HOST_KEY = Base64.getEncoder().encodeToString(new byte[51]);

    private static final String FINGERPRINT = "SHA256:jo/kfkozsXi/BDPYBQywrX7DI/ve6rPs/YV7TOGAW3o";
    private static final Path HOME = Path.of(System.getProperty("user.home"));
    private static final Path KNOWN = HOME.resolve(".ssh/known_hosts");

    @TempDir
    private Path folder;

    private CommandRun command;

    @BeforeEach
    void open() {
        command = CommandRun.on(FakeControlPlane.withMembers(2), folder);
    }

    @Test
    void hostsOfAManifest_areMembersOverSsh_theirApiserversThroughTheTunnels() {
        assertThat(run("status", HEAD + """
                controlPlane:
                  hosts:
                  - hostname: cp1
                    publicAddress: 203.0.113.1
                    privateAddress: 10.0.0.1
                    sshPrivateKeyFile: ~/.ssh/k1
                    sshCertFile: ~/.ssh/k1-cert.pub
                    sshUsername: ubuntu
                    sshPort: 2222
                    sshHostPublicKey: %s
                    bastion: 203.0.113.9
                    bastionUser: jumper
                  - hostname: cp2
                    privateAddress: 10.0.0.2
                    sshAgentSocket: /run/agent
                """.formatted(HOST_KEY)).status()).isZero();

        Inventory read = command.read();
        assertThat(read.cluster()).isEqualTo("k1-cluster");
        assertThat(read.kubeconfig()).isNull();
        Path key = HOME.resolve(".ssh/k1");
        assertThat(read.members())
                .extracting(Inventory.Member::name, Inventory.Member::apiServer, Inventory.Member::ssh)
                .containsExactly(
                        tuple(
                                "cp1",
                                null,
                                new Inventory.Ssh(
                                        "203.0.113.1",
                                        2222,
                                        "ubuntu",
                                        key,
                                        null,
                                        null,
                                        FINGERPRINT,
                                        new Inventory.Ssh("203.0.113.9", 22, "jumper", key, null, KNOWN, "", null))),
                        tuple(
                                "cp2",
                                null,
                                new Inventory.Ssh(
                                        "10.0.0.2", 22, "root", null, Path.of("/run/agent"), KNOWN, "", null)));
    }

    @Test
    void hostsOfTerraform_comeBeforeThoseOfTheManifest_alsoFromStandardInput() {
        command.piped("""
                {"kubeone_hosts": {"value": {"control_plane": {
                  "hostnames": ["cp1", "cp2"], "private_address": ["10.0.0.1", "10.0.0.2"], "public_address": []}}}}
                """);

        assertThat(run("status", manifest("[{hostname: other, publicAddress: 203.0.113.1}]"), "--tfjson", "-")
                        .status())
                .isZero();

        assertThat(command.read().members())
                .extracting(Inventory.Member::name, Inventory.Member::ssh)
                .containsExactly(
                        tuple("cp1", new Inventory.Ssh("10.0.0.1", 22, "root", null, null, KNOWN, "", null)),
                        tuple("cp2", new Inventory.Ssh("10.0.0.2", 22, "root", null, null, KNOWN, "", null)));
    }

    @Test
    void whatTheFilesDoNotSay_comesFromOptions() {
        String[] options = {
            "--yes",
            "--known-hosts",
            "known",
            "--kubeconfig",
            "admin.conf",
            "--archive",
            "keys.cms",
            "--archive-certificate",
            "backup.pem"
        };
        assertThat(run("enable", twoHosts(), options).status()).isZero();

        Inventory read = command.read();
        assertThat(read.kubeconfig()).isEqualTo(Path.of("admin.conf"));
        assertThat(read.archive()).isEqualTo(new Inventory.Encrypted(Path.of("backup.pem"), Path.of("keys.cms")));
        assertThat(read.members())
                .extracting(member -> member.ssh().knownHosts())
                .containsOnly(Path.of("known"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"enable", "rotate"})
    void aCommandThatMakesAKey_hasToBeToldWhereKeysAreKept(String change) {
        CommandRun.Result silent = run(change, twoHosts(), "--yes");

        assertThat(silent.status()).isEqualTo(2);
        assertThat(silent.err())
                .contains("kubeone.yaml: a KubeOne manifest does not say where keys are kept")
                .contains("--archive keys.cms --archive-certificate backup.pem");
        assertThat(run("enable", twoHosts(), "--yes", "--no-archive", "a test").status())
                .isZero();
        assertThat(command.read().archive()).isEqualTo(new Inventory.None("a test"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "rewrite"})
    void aCommandThatMakesNoKey_needsNoArchive(String change) {
        assertThat(run(change, twoHosts(), "--yes").status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                            | names no hosts of the control plane",
                "[{hostname: a, publicAddress: x}, {hostname: a, publicAddress: y}] | host a stands there twice",
                "[{hostname: a, publicAddress: x}, {hostname: b, publicAddress: X}] | host b stands there twice",
                "[{publicAddress: x, sshPrivateKeyFile: id, sshCertFile: c}]   | host x: its certificate does not stand beside",
                "[{publicAddress: x, sshHostPublicKey: 'AAAA!'}]               | host x: its host key is no base64",
                "[{publicAddress: x, sshAgentSocket: 'env:NOT_SET_ANYWHERE'}]  | and that is not set",
                "[{hostname: cp1, publicAddress: '-oProxyCommand=x'}]          | host cp1: SSH: ",
                "[{hostname: cp1, publicAddress: x, sshUsername: 'a b'}]       | host cp1: SSH: ",
                "[{hostname: cp1, publicAddress: x, bastion: '-x'}]            | host cp1: SSH: ",
                "[{hostname: cp1, publicAddress: x, bastion: y, bastionUser: \"a\\n\"}] | host cp1: SSH: ",
                "[{publicAddress: x, sshPrivateKeyFile: \"a\\0b\"}]            | host x: the path of its private key is no path, since it holds a NUL",
                "[{publicAddress: x, sshAgentSocket: \"a\\0b\"}]               | host x: the path of its agent is no path, since it holds a NUL",
                "[{sshUsername: x}]                                            | controlPlane.hosts[0]",
            })
    void hostsThatCannotBeToldOrReached_areRefusedBeforeAnythingIsDone(String hosts, String said) {
        CommandRun.Result result = run("status", manifest(hosts));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("kubeone.yaml: ").contains(said);
    }

    @Test
    void aHostOfTerraformThatCannotBeReached_isToldWithTerraformsFile() throws IOException {
        Path output = Files.writeString(folder.resolve("output.json"), """
                {"kubeone_hosts": {"value": {"control_plane": {
                  "public_address": ["10.0.0.1"], "ssh_user": "a b", "ssh_private_key_file": "a\\u0000"}}}}
                """);

        CommandRun.Result result = run("status", twoHosts(), "--tfjson", output.toString());

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("output.json: host 10.0.0.1: SSH: ").doesNotContain("kubeone.yaml");
    }

    @Test
    void theWaysToNameACluster_excludeEachOther() {
        CommandRun.Result both = run("status", twoHosts(), "--inventory", "inventory.yaml");
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.err()).contains("a cluster is named twice: give --inventory FILE, or");

        CommandRun.Result neither = command.runAsIs("status");
        assertThat(neither.status()).isEqualTo(2);
        assertThat(neither.err()).contains("no cluster is named: give --inventory FILE, or");

        CommandRun.Result sameInput = command.runAsIs("status", "--manifest", "-", "--tfjson", "-");
        assertThat(sameInput.status()).isEqualTo(2);
        assertThat(sameInput.err()).contains("standard input cannot be both --manifest and --tfjson");

        CommandRun.Result alone = command.runAsIs("status", "--tfjson", "-");
        assertThat(alone.status()).isEqualTo(2);
        assertThat(alone.err()).contains("--manifest=FILE");
    }

    private CommandRun.Result run(String name, String manifest, String... options) {
        try {
            Path file = Files.writeString(folder.resolve("kubeone.yaml"), manifest);
            List<String> all = new ArrayList<>(List.of(name, "--manifest", file.toString()));
            all.addAll(List.of(options));
            return command.runAsIs(all.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String twoHosts() {
        return manifest("[{hostname: cp1, publicAddress: 10.0.0.1}, {hostname: cp2, publicAddress: 10.0.0.2}]");
    }

    private static String manifest(String hosts) {
        return HEAD + "controlPlane: {hosts: " + hosts + "}\n";
    }
}
