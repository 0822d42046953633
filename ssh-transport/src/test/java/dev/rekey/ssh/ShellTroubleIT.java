package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.sshd.TestSshd;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
