package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekey.InvalidInputException;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.manifest.NodePath;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InventoryReaderTest {
    private static final String GOOD = """
            cluster: k1                      # a comment
            kubeconfig: ../admin.conf
            archive: {certificate: backup.pem, file: /var/keys.cms}
            keyPrefix: kubeone
            previousKeysKept: 2
            provider: secretbox
            resources: [secrets, "*.apps"]
            layout: {configurationDirectory: /etc/kubernetes/enc, customFile: other.yaml}
            nodes:
            - name: cp1
              apiServer: https://10.0.0.1:6443
              local: true
            - {name: cp2, local: true, apiServer: "https://cp2.example:6443/", tlsServerName: kubernetes, layout: &two {manifest: /two/kube-apiserver.yaml, configurationDirectory: /two/c, stateDirectory: /two/s}}
            """;

    @TempDir
    private Path folder;

    @Test
    void everyField_isRead() throws IOException {
        Inventory inventory = read(GOOD);

        assertThat(inventory.cluster()).isEqualTo("k1");
        assertThat(inventory.kubeconfig()).isEqualTo(folder.resolveSibling("admin.conf"));
        assertThat(inventory.archive())
                .isEqualTo(new Inventory.Encrypted(folder.resolve("backup.pem"), Path.of("/var/keys.cms")));
        assertThat(inventory.settings().keyPrefix()).hasValue("kubeone");
        assertThat(inventory.settings().previousKeysKept()).hasValue(2);
        assertThat(inventory.settings().providerType()).hasValue("secretbox");
        assertThat(inventory.settings().resources()).hasValue(List.of("secrets", "*.apps"));
        assertThat(inventory.layout().configurationDirectory()).isEqualTo(NodePath.of("/etc/kubernetes/enc"));
        assertThat(inventory.layout().customFile()).isEqualTo("other.yaml");
        assertThat(inventory.layout().manifest()).isEqualTo(NodeLayout.DEFAULT.manifest());
        Inventory.Member first = inventory.members().get(0);
        Inventory.Member second = inventory.members().get(1);
        assertThat(first)
                .isEqualTo(
                        new Inventory.Member("cp1", URI.create("https://10.0.0.1:6443"), "", null, inventory.layout()));
        assertThat(second.apiServer()).isEqualTo(URI.create("https://cp2.example:6443"));
        assertThat(second.tlsServerName()).isEqualTo("kubernetes");
        assertThat(second.layout().manifest()).isEqualTo(NodePath.of("/two/kube-apiserver.yaml"));
        assertThat(second.layout().customFile()).isEqualTo("other.yaml");
    }

    @Test
    void whatIsOptional_mayBeLeftOut() throws IOException {
        Inventory inventory = read("""
                kubeconfig: admin.conf
                archive: {none: "a test cluster"}
                nodes: [{name: cp1, local: true, apiServer: "https://[2001:db8::1]:6443"}]
                """);

        assertThat(inventory.cluster()).isEmpty();
        assertThat(inventory.archive()).isEqualTo(new Inventory.None("a test cluster"));
        assertThat(inventory.settings().providerType()).isEmpty();
        assertThat(inventory.layout()).isEqualTo(NodeLayout.DEFAULT);
    }

    @Test
    void membersOverSsh_mayLeaveOutAddressesAndKubeconfig_andShareEveryPath() throws IOException {
        Inventory inventory = read("""
                archive: {none: "a test cluster"}
                nodes:
                - name: cp1
                  ssh: {host: 10.0.0.1, port: 2222, user: root, privateKey: id, knownHosts: ssh/known}
                - name: cp2
                  tlsServerName: apiserver
                  ssh: {host: 10.0.0.2, user: ops, agent: true, hostKey: "SHA256:%s", jump: {host: B1, user: j, privateKey: ../id, knownHosts: k}}
                - name: cp3
                  ssh: {host: 10.0.0.2, user: ops, privateKey: id, knownHosts: k, jump: {host: b2, user: j, agent: true, jump: {host: b3, user: j, agent: true}}}
                - {name: cp4, apiServer: "https://10.0.0.4:6443", ssh: {host: "2001:db8::4", user: root, agent: true, knownHosts: k}}
                - {name: cp5, apiServer: "https://10.0.0.5:6443", local: true}
                """.formatted(PIN));
        Path known = folder.resolve("k");
        Path key = folder.resolve("id");

        assertThat(inventory.kubeconfig()).isNull();
        assertThat(inventory.members())
                .extracting(Inventory.Member::ssh)
                .containsExactly(
                        new Inventory.Ssh("10.0.0.1", 2222, "root", key, null, folder.resolve("ssh/known"), "", null),
                        new Inventory.Ssh(
                                "10.0.0.2",
                                22,
                                "ops",
                                null,
                                null,
                                null,
                                "SHA256:" + PIN,
                                new Inventory.Ssh("B1", 22, "j", folder.resolveSibling("id"), null, known, "", null)),
                        new Inventory.Ssh(
                                "10.0.0.2",
                                22,
                                "ops",
                                key,
                                null,
                                known,
                                "",
                                new Inventory.Ssh(
                                        "b2",
                                        22,
                                        "j",
                                        null,
                                        null,
                                        known,
                                        "",
                                        new Inventory.Ssh("b3", 22, "j", null, null, known, "", null))),
                        new Inventory.Ssh("2001:db8::4", 22, "root", null, null, known, "", null),
                        null);
        assertThat(inventory.members())
                .extracting(Inventory.Member::apiServer)
                .containsExactly(
                        null, null, null, URI.create("https://10.0.0.4:6443"), URI.create("https://10.0.0.5:6443"));
        assertThat(inventory.members()).extracting(Inventory.Member::layout).containsOnly(NodeLayout.DEFAULT);
    }

    @Test
    void twoMembersOnOneHost_mayNotShareAPath() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> read("""
                        archive: {none: "a test cluster"}
                        nodes:
                        - {name: cp1, ssh: {host: a.example, user: root, agent: true, knownHosts: k}}
                        - {name: cp2, ssh: {host: A.example, user: ops, privateKey: id, knownHosts: k}}
                        """))
                .withMessageContaining(":4: nodes[1].layout: leads to the same place as that of cp1");
    }

    /** A change to the good inventory, and the parts that the message must have. */
    private record Bad(String name, String from, String to, List<String> parts) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Bad bad(String name, String from, String to, String... parts) {
        return new Bad(name, from, to, List.of(parts));
    }

    private static final String PIN = "A".repeat(43);

    private static Bad ssh(String name, String fields, String... parts) {
        List<String> all = new ArrayList<>(List.of(parts));
        all.set(0, ":12: nodes[0]." + parts[0]);
        return new Bad(name, "  local: true\n", "  ssh: {" + fields + "}\n", all);
    }

    private static List<Bad> badInventories() {
        return List.of(
                bad(
                        "a misspelt field",
                        "keyPrefix",
                        "keyprefx",
                        ":4: keyprefx: there is no such field",
                        "mean keyPrefix?"),
                bad(
                        "a misspelt field of a node",
                        "apiServer: h",
                        "apiSrver: h",
                        ":11: nodes[0].apiSrver",
                        "mean apiServer?"),
                bad(
                        "a field of nobody",
                        "cluster: k1",
                        "zebra: 1",
                        ":1: zebra: there is no such field",
                        "fields here are cluster, "),
                bad("a field that is no word", "cluster: k1", "[a, b]: 1", "no valid YAML"),
                bad("a field twice", "keyPrefix: kubeone", "cluster: k2", ":4: cluster: is given twice"),
                bad(
                        "a node's name twice",
                        "name: cp2",
                        "name: cp1",
                        ":13: nodes[1].name: is the name of another member"),
                bad(
                        "two members, one apiserver",
                        "cp2.example:6443/",
                        "10.0.0.1:6443",
                        ":13: nodes[1].apiServer: leads to the same place as that of cp1"),
                bad(
                        "two members, one manifest",
                        "/two/kube-apiserver.yaml",
                        "/etc/kubernetes/manifests/kube-apiserver.yaml",
                        "nodes[1].layout: leads to the same place as that of cp1"),
                bad(
                        "two members, one lock",
                        "/two/s",
                        "/etc/kubernetes/rekey",
                        "nodes[1].layout: leads to the same place"),
                bad(
                        "no archive",
                        "archive: {certificate: backup.pem, file: /var/keys.cms}",
                        "",
                        ":1: archive: is missing",
                        "certificate: backup.pem",
                        "none: \"why\""),
                bad("half an archive", ", file: /var/keys.cms", "", ":3: archive.file: is missing"),
                bad(
                        "an archive and none",
                        "file: /var/keys.cms",
                        "none: no",
                        ":3: archive.none: stands beside a certificate"),
                bad(
                        "an archive that is a word",
                        "{certificate: backup.pem, file: /var/keys.cms}",
                        "none",
                        ":3: archive: is a text",
                        "Write a mapping"),
                bad(
                        "no reason",
                        "{certificate: backup.pem, file: /var/keys.cms}",
                        "{none: ''}",
                        ":3: archive.none: is empty",
                        "Give the reason"),
                bad("no kubeconfig", "kubeconfig: ../admin.conf", "", "kubeconfig: is missing"),
                bad("a number for a text", "cluster: k1 ", "cluster: 17 ", ":1: cluster: is a number"),
                bad(
                        "a text for a number",
                        "previousKeysKept: 2",
                        "previousKeysKept: two",
                        ":5: previousKeysKept: is a text",
                        "a number from 0 to 10"),
                bad(
                        "a number out of range",
                        "previousKeysKept: 2",
                        "previousKeysKept: 11",
                        ":5: previousKeysKept: ",
                        "between 0 and 10"),
                bad("a provider of others", "secretbox", "kms", ":6: provider: ", "secretbox"),
                bad("a prefix that is no name", "keyPrefix: kubeone", "keyPrefix: 'a:b'", ":4: keyPrefix: "),
                bad(
                        "a text for a list",
                        "[secrets, \"*.apps\"]",
                        "secrets",
                        ":7: resources: is a text",
                        "Give a list of resources"),
                bad("no resources", "[secrets, \"*.apps\"]", "[]", ":7: resources: is an empty list"),
                bad(
                        "a relative path in a layout",
                        "/two/c",
                        "two/c",
                        "nodes[1].layout.configurationDirectory: ",
                        "must be absolute"),
                bad("a path for a file's name", "other.yaml", "a/other.yaml", ":8: layout.customFile: is a path"),
                bad(
                        "a path that is none",
                        "kubeconfig: ../admin.conf",
                        "kubeconfig: \"a\\0\"",
                        ":2: kubeconfig: is no path, since it holds a NUL"),
                bad(
                        "a certificate at a path that is none",
                        "backup.pem",
                        "\"a\\0\"",
                        ":3: archive.certificate: is no path"),
                bad("an archive at a path that is none", "/var/keys.cms", "\"a\\0\"", ":3: archive.file: is no path"),
                bad("a file's name that is none", "other.yaml", "\"a\\0\"", ":8: layout.customFile: "),
                bad("no nodes", GOOD.substring(GOOD.indexOf("nodes:")), "", "nodes: is missing", "every member"),
                bad(
                        "an address without TLS",
                        "https://10.0.0.1:6443",
                        "http://10.0.0.1:6443",
                        ":11: nodes[0].apiServer: is no address"),
                bad(
                        "an address with a path",
                        "10.0.0.1:6443",
                        "10.0.0.1/api",
                        ":11: nodes[0].apiServer: is no address"),
                bad(
                        "a bare host",
                        "https://10.0.0.1:6443",
                        "10.0.0.1",
                        ":11: nodes[0].apiServer: is no address",
                        "https://host:port"),
                bad(
                        "no address",
                        "  apiServer: https://10.0.0.1:6443\n",
                        "",
                        ":10: nodes[0].apiServer: is missing",
                        "no balancer's"),
                bad(
                        "local: false",
                        "local: true\n",
                        "local: false\n",
                        ":12: nodes[0].local: is a number, a truth value",
                        "local: true"),
                bad("neither local nor ssh", "  local: true\n", "", ":10: nodes[0].ssh: is missing", "local: true"),
                bad(
                        "local and ssh",
                        "  local: true\n",
                        "  local: true\n  ssh: {host: a, user: root, agent: true, knownHosts: k}\n",
                        ":12: nodes[0].local: stands beside ssh"),
                ssh(
                        "a private key at a path that is none",
                        "host: a, user: root, privateKey: \"a\\0\", knownHosts: k",
                        "ssh.privateKey: is no path"),
                ssh(
                        "known hosts at a path that is none",
                        "host: a, user: root, agent: true, knownHosts: \"a\\0\"",
                        "ssh.knownHosts: is no path"),
                ssh("ssh without a host", "user: root, agent: true, knownHosts: k", "ssh.host: is missing"),
                ssh("ssh without a user", "host: a, agent: true, knownHosts: k", "ssh.user: is missing", "sudo"),
                ssh(
                        "ssh without a key",
                        "host: a, user: root, knownHosts: k",
                        "ssh.privateKey: is missing",
                        "agent: true"),
                ssh(
                        "ssh with a key and the agent",
                        "host: a, user: root, agent: true, privateKey: id, knownHosts: k",
                        "ssh.agent: stands beside a private key"),
                ssh("ssh to anybody", "host: a, user: root, agent: true", "ssh.knownHosts: is missing", "SHA256:"),
                ssh(
                        "ssh to a known and a pinned host",
                        "host: a, user: root, agent: true, knownHosts: k, hostKey: 'SHA256:" + PIN + "'",
                        "ssh.hostKey: stands beside knownHosts"),
                ssh(
                        "a host key that is none",
                        "host: a, user: root, agent: true, hostKey: 'SHA256:x'",
                        "ssh.hostKey: ",
                        "SHA256"),
                ssh(
                        "a host that is an option",
                        "host: -oProxyCommand=x, user: root, agent: true, knownHosts: k",
                        "ssh.host: ",
                        "no name or address"),
                ssh(
                        "a user that is an option",
                        "host: a, user: -l, agent: true, knownHosts: k",
                        "ssh.user: ",
                        "no login"),
                ssh(
                        "a port out of range",
                        "host: a, port: 65536, user: root, agent: true, knownHosts: k",
                        "ssh.port: "),
                ssh(
                        "a jump host without a user",
                        "host: a, user: root, agent: true, knownHosts: k, jump: {host: b, agent: true}",
                        "ssh.jump.user: is missing"),
                ssh(
                        "a jump host behind a pinned one",
                        "host: a, user: root, agent: true, hostKey: 'SHA256:" + PIN
                                + "', jump: {host: b, user: u, agent: true}",
                        "ssh.jump.knownHosts: is missing"),
                ssh(
                        "a misspelt field of ssh",
                        "host: a, user: root, key: id, knownHosts: k",
                        "ssh.key: there is no such field",
                        "privateKey"),
                bad("no YAML", "cluster: k1", "cluster: [k1", "no valid YAML"),
                bad("an escape that the text ends in", GOOD, "cluster: \"\\x", "no valid YAML"),
                bad("a second document", "nodes:", "---\nnodes:", "a second document"),
                bad("an anchor that is not there", "cluster: k1", "cluster: *k1", ":1: ", "no valid YAML"),
                bad("a list", GOOD, "- a\n- b\n", ":1: is a list", "Write a mapping with the fields cluster"),
                bad("nothing", GOOD, "# nothing\n", "the inventory is empty"));
    }

    @ParameterizedTest
    @MethodSource("badInventories")
    void aMistake_isToldWithFileLineAndField(Bad bad) {
        String text = GOOD.replace(bad.from(), bad.to());
        assertThat(text).isNotEqualTo(GOOD);

        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> read(text))
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith(folder.resolve("k1.yaml").toString())
                        .contains(bad.parts()));
    }

    @Test
    void whatIsNoFile_isToldAsSuch() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> InventoryReader.read(folder.resolve("absent.yaml")))
                .withMessageContaining("absent.yaml: there is no such inventory");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> InventoryReader.read(folder))
                .withMessageContaining("cannot be read");
    }

    @Test
    void whateverIsLostOrDoubled_endsInAnInventoryOrAMessage() throws IOException {
        Random random = new Random(1);
        String noise = "\n\r\t :-#[]{},&*!|>'\"%@`~?\\x<";
        int good = 0;
        for (int i = 0; i < 1_000; i++) {
            int from = random.nextInt(GOOD.length());
            int to = Math.min(GOOD.length(), from + 1 + random.nextInt(40));
            char any = noise.charAt(random.nextInt(noise.length()));
            String text = GOOD.substring(0, random.nextBoolean() ? from : to)
                    + (random.nextBoolean() ? "" : any)
                    + (random.nextInt(4) == 0 ? "" : GOOD.substring(random.nextBoolean() ? from : to));
            try {
                read(text);
                good++;
            } catch (InvalidInputException e) {
                assertThat(e).hasNoCause().hasMessageMatching("[^\\p{Cntrl}]{1,600}");
            }
        }
        assertThat(good).isBetween(50, 700);
    }

    @Test
    void hostileText_endsInAMessage() throws IOException {
        Path file = folder.resolve("k1.yaml");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> InventoryReader.read(file))
                .withMessageContaining("is not UTF-8");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> read("#".repeat((1 << 20) + 1)))
                .withMessageContaining("longer than 1 MiB");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> read("[".repeat(100_000)))
                .withMessageContaining("no valid YAML");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> read("a: &a [x]\n? *a\n: 1\n"))
                .withMessageContaining("YAML");
    }

    private Inventory read(String text) throws IOException {
        return InventoryReader.read(Files.writeString(folder.resolve("k1.yaml"), text));
    }
}
