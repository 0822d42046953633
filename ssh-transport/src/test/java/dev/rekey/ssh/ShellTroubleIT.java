package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.sshd.TestSshd;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts without an SFTP server, on which a refusal is known by what a tool says alone. */
class ShellTroubleIT {

    @ParameterizedTest
    @CsvSource({"dash, $W/mv", "busybox, /usr/bin/busybox mv"})
    void somebodyElseDeletesItMeanwhileAndMakesItAnew_itIsDeleted_andTheirsStands(String shell, String mv) {
        try (TestSshd host = TestSshd.config()
                        .withoutSftp()
                        .setUp("cp $(readlink -f /usr/bin/mv) $W/mv")
                        .systemShell(shell)
                        .setUp("{ echo '#!/bin/sh'; echo \"case \\$3 in */f) rm -f -- \\$3; " + mv
                                + " \\\"\\$@\\\"; r=\\$?; echo theirs > \\$3; exit \\$r;; esac; " + mv
                                + " \\\"\\$@\\\"\"; } > $W/mv.sh; chmod 0755 $W/mv.sh;"
                                + " mount --bind $W/mv.sh $(readlink -f /usr/bin/mv)")
                        .start();
                SshTransport transport = host.as("root").connect()) {
            NodePath file = NodePath.of(host.directory() + "/d/f");
            transport.writeAtomically(file, new byte[] {1}, FileAttributes.ROOT_ONLY, List.of());
            transport.delete(file, List.of());
            assertThat(transport.read(file)).hasValue("theirs\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(transport.list(file.parent())).containsExactly("f");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "ops"})
    void aShellThatComplainsOnEachStart_hidesNoRefusal_norIsItTakenForOne(String user) {
        String noise =
                "for i in 1 2 3; do echo 'bash: /etc/profile.d/site.sh: Permission denied, and more of it' >&2; done";
        try (TestSshd host = TestSshd.config()
                        .withoutSftp()
                        .sudoer("ops", "/bin/bash")
                        .setUp("for h in /root /home/ops; do echo \"" + noise + "\" > $h/.bashrc; done")
                        .setUp("mkdir $W/full; mount -t tmpfs -o size=256k,mode=0755 tmpfs $W/full; echo x > $W/full/f")
                        .start();
                SshTransport transport = host.as(user).connect()) {
            NodePath file = NodePath.of(host.directory() + "/full/f");
            assertThatThrownBy(() ->
                            transport.writeAtomically(file, new byte[1 << 20], FileAttributes.ROOT_ONLY, List.of()))
                    .hasMessageContaining("No space left on device. Nothing was changed. Free blocks")
                    .hasMessageNotContaining("Permission denied");
        }
    }

    @Test
    void aLongPath_hidesNoRefusal() {
        String directory = "/d/" + "deep".repeat(50);
        try (TestSshd host = TestSshd.config()
                        .withoutSftp()
                        .setUp("mkdir -p $W" + directory + "; cd $W" + directory
                                + "; echo x > f; mount --bind . .; mount -o remount,bind,ro .; cd /")
                        .start();
                SshTransport transport = host.as("root").connect()) {
            NodePath file = NodePath.of(host.directory() + directory + "/f");
            assertThatThrownBy(() -> transport.delete(file, List.of()))
                    .hasMessageContaining("Read-only file system. Nothing was changed. Mount it writable");
        }
    }
}
