package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.NodeException;
import dev.rekey.RekeyException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.Guard;
import dev.rekey.sshd.SshdConfig;
import dev.rekey.sshd.TestSshd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Content goes to the file and nowhere else: each place that is searched is first shown to hold what is put there. */
class SshLeakIT {
    private static final String NEEDLE = "bmVlZGxlLW9mLWEtdGVzdC1rZXk";
    private static final byte[] CONTENT = ("secret: " + NEEDLE + "\n").getBytes(StandardCharsets.US_ASCII);

    private static boolean holds(String text) {
        return text.contains(NEEDLE)
                || text.contains(Base64.getEncoder().encodeToString(CONTENT))
                || text.contains(HexFormat.of().formatHex(CONTENT));
    }

    @ParameterizedTest
    @CsvSource({"root, true", "ops, true", "root, false", "ops, false"})
    void noCommandLineAndNoEnvironmentOnTheHost_holdsContent(String user, boolean sftp) {
        SshdConfig config = TestSshd.config().sudoer("ops", "/bin/dash").traced();
        try (TestSshd host = (sftp ? config : config.withoutSftp()).start()) {
            NodePath file = NodePath.of(host.directory() + "/f");
            try (SshTransport transport = host.as(user).connect()) {
                transport.writeAtomically(file, CONTENT, FileAttributes.ROOT_ONLY, List.of());
                transport.writeAtomically(file, CONTENT, FileAttributes.ROOT_ONLY, List.of(Guard.holds(file, CONTENT)));
                assertThat(transport.read(file)).isPresent();
            }
            String trace = host.trace();
            // The trace shows what passes through read and write, so it would show it in a command line too.
            assertThat(holds(trace)).isTrue();
            String commands = String.join(
                    "\n", trace.lines().filter(line -> line.contains("execve(")).toList());
            assertThat(commands).contains(sftp ? "sftp-server" : "sha256sum");
            assertThat(holds(commands)).isFalse();
            assertThat(holds(host.log())).isFalse();
        }
    }

    @Test
    void sudosOwnLogs_holdNothing_andWouldHold() {
        String log = "find /var/log/sudo-io -type f | while read f; do zcat -f $f; done; cat /var/log/sudo.log";
        try (TestSshd host = TestSshd.config()
                .user("ops", "/bin/dash")
                .sudoers("Defaults logfile=/var/log/sudo.log")
                .sudoers("Defaults log_input, log_output")
                .sudoers("Defaults!/usr/bin/true !log_input")
                .sudoers("ops ALL=(root) NOPASSWD: ALL")
                .start()) {
            NodePath file = NodePath.of(host.directory() + "/f");
            assertThatThrownBy(() -> {
                        try (SshTransport transport = host.as("ops").connect()) {
                            transport.writeAtomically(file, CONTENT, FileAttributes.ROOT_ONLY, List.of());
                        }
                    })
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("records");
            assertThat(holds(host.inside(log))).isFalse();
            // The same sudo, given the content by somebody careless.
            host.inside("printf '%s' '" + new String(CONTENT, StandardCharsets.US_ASCII)
                    + "' | setpriv --reuid 4001 --regid 4001 --clear-groups sudo -n cat > /dev/null");
            assertThat(holds(host.inside(log))).isTrue();
        }
    }

    @Test
    void theSshLibrarysDebugLog_andErrors_holdNothing() {
        List<String> said = new ArrayList<>();
        Logger logger = Logger.getLogger("dev.rekey.ssh");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord each) {
                synchronized (said) {
                    said.add(each.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.setLevel(Level.ALL);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try (TestSshd host = TestSshd.config().start();
                SshTransport transport = host.as("root").connect()) {
            NodePath file = NodePath.of(host.directory() + "/f");
            transport.writeAtomically(file, CONTENT, FileAttributes.ROOT_ONLY, List.of());
            transport.read(file);
            RekeyException changed = catchOf(() ->
                    transport.writeAtomically(file, CONTENT, FileAttributes.ROOT_ONLY, List.of(Guard.absent(file))));
            RekeyException below = catchOf(
                    () -> transport.writeAtomically(file.resolve("x"), CONTENT, FileAttributes.ROOT_ONLY, List.of()));
            assertThat(holds(changed.toString() + below + transport)).isFalse();
        } finally {
            logger.removeHandler(handler);
            logger.setLevel(null);
            logger.setUseParentHandlers(true);
        }
        // It does log: the handshake is there.
        assertThat(said).anyMatch(line -> line.contains("SSH_MSG_KEXINIT"));
        assertThat(said).noneMatch(SshLeakIT::holds);
    }

    private static RekeyException catchOf(Runnable call) {
        try {
            call.run();
        } catch (RekeyException e) {
            return e;
        }
        throw new AssertionError("should have been refused");
    }
}
