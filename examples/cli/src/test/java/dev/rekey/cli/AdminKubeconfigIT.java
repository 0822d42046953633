package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import dev.rekey.lifecycle.Timing;
import dev.rekey.sshd.TestSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kubeconfig of an administrator that lies on a member, where the inventory names none. */
class AdminKubeconfigIT {
    @TempDir
    private Path folder;

    @Test
    void oneThatIsNone_isToldWithTheMember_andNotQuoted() throws IOException {
        try (TestSshd host = TestSshd.config()
                .setUp("mkdir $W/etc; cp -a /etc/. $W/etc/; mkdir -p $W/etc/kubernetes;"
                        + " echo 'client-key-data: [c2VjcmV0' > $W/etc/kubernetes/admin.conf; mount --bind $W/etc /etc")
                .start()) {
            Path inventory = Files.writeString(folder.resolve("inventory.yaml"), """
                    archive: {none: "nothing is encrypted"}
                    nodes:
                    - name: cp7
                      ssh: {host: 127.0.0.1, port: %d, user: root, privateKey: %s, knownHosts: %s}
                    """.formatted(
                            host.port(), host.key(), host.knownHosts("127.0.0.1", host.port())));
            assertThatThrownBy(() -> new KubernetesConnector(Confirmation.TERMINAL)
                            .connect(InventoryReader.read(inventory), Timing.DEFAULT))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith(
                            "member cp7: kubeconfig /etc/kubernetes/admin.conf of a member: it is no YAML")
                    .hasMessageNotContaining("c2VjcmV0");
        }
    }
}
