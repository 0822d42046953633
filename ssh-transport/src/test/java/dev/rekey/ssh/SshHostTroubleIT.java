package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.sshd.SshdConfig;
import dev.rekey.sshd.TestSshd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts as they are met: what works all the same, and what is recognised and named. */
class SshHostTroubleIT {

    private static void works(SshdConfig config, String user) {
        try (TestSshd host = config.start()) {
            NodePath file = NodePath.of(host.directory() + "/f");
            try (SshTransport transport = host.as(user).connect()) {
                transport.writeAtomically(file, new byte[] {0, 1}, FileAttributes.ROOT_ONLY, List.of());
                assertThat(transport.read(file))
                        .hasValueSatisfying(c -> assertThat(c).containsExactly(0, 1));
            }
        }
    }

    private static void refused(SshdConfig config, String user, String... words) {
        try (TestSshd host = config.start()) {
            assertThatThrownBy(() -> host.as(user).connect().close())
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining(user + "@127.0.0.1")
                    .satisfies(e -> assertThat(e.getMessage()).contains(words));
        }
    }

    private static SshdConfig sudo(String... lines) {
        SshdConfig config = TestSshd.config().user("ops", "/bin/dash");
        for (String line : lines) {
            config.sudoers(line);
        }
        return config;
    }

    @Test
    void sudoForTheOneBinary_isEnough() {
        works(sudo("ops ALL=(root) NOPASSWD: /usr/lib/openssh/sftp-server"), "ops");
    }

    @Test
    void sudoWithAPseudoTerminalOfItsOwn_works() {
        works(sudo("Defaults use_pty", "ops ALL=(root) NOPASSWD: ALL"), "ops");
    }

    @Test
    void sudoThatAsksForAPassword_isNamed() {
        refused(sudo("ops ALL=(root) ALL"), "ops", "asks this user for a password", "NOPASSWD");
    }

    @Test
    void sudoThatNeedsATerminal_isNamed() {
        refused(
                sudo("Defaults requiretty", "ops ALL=(root) NOPASSWD: ALL"),
                "ops",
                "requiretty",
                "Defaults:<user> !requiretty");
    }

    @Test
    void aUserWithoutRights_isNamed() {
        refused(TestSshd.config().user("ops", "/bin/dash"), "ops", "asks this user for a password");
        refused(sudo("ops ALL=(root) NOPASSWD: /bin/true"), "ops", "NOPASSWD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Defaults noexec", "NOEXEC"})
    void sudoWhoseCommandsMayStartNoOther_worksOverSftp_andIsNamedWithout(String how) {
        String[] lines = how.equals("NOEXEC")
                ? new String[] {"ops ALL=(root) NOPASSWD: NOEXEC: ALL"}
                : new String[] {how, "ops ALL=(root) NOPASSWD: ALL"};
        works(sudo(lines), "ops");
        refused(sudo(lines).withoutSftp(), "ops", "NOEXEC", "run no other program", "Install openssh-sftp-server");
    }

    /** This machine's packages have no sudo-rs: one that says what it says. */
    @ParameterizedTest
    @CsvSource({
        "sudo: interactive authentication is required, asks this user for a password",
        "sudo: I'm sorry ops. I'm afraid I can't do that, does not let this user run sftp-server"
    })
    void theWordsOfSudoRs_areUnderstood(String says, String named) {
        refused(
                TestSshd.config()
                        .sudoer("ops", "/bin/dash")
                        .setUp("printf '#!/bin/sh\\necho \"%s\" >&2\\nexit 1\\n' \"" + says + "\" > $W/sudo-rs;"
                                + " chmod 0755 $W/sudo-rs; mount --bind $W/sudo-rs /usr/bin/sudo"),
                "ops",
                named,
                "NOPASSWD");
    }

    @Test
    void aHostWithoutSudo_isNamed() {
        refused(
                TestSshd.config().sudoer("ops", "/bin/dash").setUp("mount --bind /dev/null /usr/bin/sudo"),
                "ops",
                "has no sudo");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Defaults log_input",
                "Defaults log_output",
                "Defaults:ops log_input",
                "Defaults!/usr/lib/openssh/sftp-server log_input",
                "LOG_INPUT",
                "LOG_OUTPUT"
            })
    void sudoThatRecords_isNamed_andGetsNothing(String how) {
        SshdConfig config = how.startsWith("LOG")
                ? sudo("ops ALL=(root) NOPASSWD: " + how + ": ALL")
                : sudo(how, "ops ALL=(root) NOPASSWD: ALL");
        refused(config, "ops", "records", "log_input", "!log_input");
    }

    @Test
    void sudoThatRecords_isNamed_onAHostWithoutSftpToo() {
        refused(sudo("Defaults log_input", "ops ALL=(root) NOPASSWD: ALL").withoutSftp(), "ops", "records");
        refused(sudo("Defaults log_output", "ops ALL=(root) NOPASSWD: ALL").withoutSftp(), "ops", "records");
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "ops"})
    void aBannerAndAHomeWithoutExecution_areNoTrouble(String user) {
        works(
                TestSshd.config()
                        .sudoer("ops", "/bin/dash")
                        .line("Banner /etc/passwd")
                        .setUp("mount -o remount,bind,noexec,nosuid /home"),
                user);
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "ops"})
    void aShellThatPrintsOnStart_isNoTrouble(String user) {
        works(
                TestSshd.config()
                        .sudoer("ops", "/bin/bash")
                        .setUp(
                                "for h in /root /home/ops; do echo 'echo Welcome to this host; printf more' > $h/.bashrc; done"),
                user);
        works(
                TestSshd.config()
                        .withoutSftp()
                        .sudoer("ops", "/bin/bash")
                        .setUp(
                                "for h in /root /home/ops; do echo 'echo Welcome to this host; printf more' > $h/.bashrc; done"),
                user);
    }

    @Test
    void aLoginShellThatRunsNothing_isNamed() {
        refused(TestSshd.config().sudoer("ops", "/usr/sbin/nologin"), "ops", "runs no command", "not available");
        refused(
                TestSshd.config().sudoer("ops", "/bin/bash").setUp("echo 'exit 3' > /home/ops/.bashrc"),
                "ops",
                "runs no command (it ends with status 3 and says nothing)");
    }

    @Test
    void aReadOnlyFileSystem_isNamed() {
        try (TestSshd host = TestSshd.config()
                .sudoer("ops", "/bin/dash")
                .setUp(
                        "mkdir $W/ro; mount -t tmpfs -o mode=0755 tmpfs $W/ro; echo x > $W/ro/f; mount -o remount,ro $W/ro")
                .start()) {
            for (String user : List.of("root", "ops")) {
                try (SshTransport transport = host.as(user).connect()) {
                    NodePath file = NodePath.of(host.directory() + "/ro/f");
                    assertThatThrownBy(() ->
                                    transport.writeAtomically(file, new byte[1], FileAttributes.ROOT_ONLY, List.of()))
                            .isInstanceOf(NodeException.class)
                            .hasMessageContaining(file.value())
                            .hasMessageContaining("file system is read-only")
                            .hasMessageContaining("Nothing was changed")
                            .hasMessageContaining("remount");
                    assertThatThrownBy(() -> transport.delete(file, List.of())).hasMessageContaining("read-only");
                }
            }
        }
    }

    @Test
    void anImmutableFile_isNamed() {
        try (TestSshd host = TestSshd.config()
                        .setUp("mkdir $W/d; echo x > $W/d/f; chattr +i $W/d/f")
                        .start();
                SshTransport transport = host.as("root").connect()) {
            NodePath file = NodePath.of(host.directory() + "/d/f");
            try {
                assertThatThrownBy(() -> transport.delete(file, List.of()))
                        .hasMessageContaining("permission denied. Nothing was changed")
                        .hasMessageContaining("lsattr");
                assertThat(transport.list(file.parent())).containsExactly("f");
            } finally {
                host.inside("chattr -i " + file);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFullFileSystem_isNamed_andTheOldFileStands(boolean sftp) {
        SshdConfig config = TestSshd.config()
                .setUp("mkdir $W/full; mount -t tmpfs -o size=256k,mode=0755 tmpfs $W/full; echo x > $W/full/f");
        try (TestSshd host = (sftp ? config : config.withoutSftp()).start();
                SshTransport transport = host.as("root").connect()) {
            NodePath made = NodePath.of(host.directory() + "/full/made/here/f");
            assertThatThrownBy(() ->
                            transport.writeAtomically(made, new byte[1 << 20], FileAttributes.ROOT_ONLY, List.of()))
                    .hasMessageContaining("Free blocks")
                    .hasMessageContaining("Nothing was changed");
            NodePath file = NodePath.of(host.directory() + "/full/f");
            assertThatThrownBy(() ->
                            transport.writeAtomically(file, new byte[1 << 20], FileAttributes.ROOT_ONLY, List.of()))
                    .isInstanceOf(NodeException.class)
                    .hasMessageContaining("Free blocks")
                    .hasMessageContaining("Nothing was changed");
            assertThat(transport.read(file))
                    .hasValueSatisfying(c -> assertThat(c).asString().isEqualTo("x\n"));
            assertThat(transport.list(file.parent())).containsExactly("f");
        }
    }

    @ParameterizedTest
    @CsvSource({"root, true, 1", "root, true, 3", "root, false, 2", "ops, false, 1", "ops, false, 3"})
    void fewSessionsPerConnection_operationsTakeTurns(String user, boolean sftp, int sessions) throws Exception {
        SshdConfig config = TestSshd.config().line("MaxSessions " + sessions).sudoer("ops", "/bin/dash");
        try (TestSshd host = (sftp ? config : config.withoutSftp()).start();
                SshTransport transport = host.as(user).connect()) {
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    NodePath file = NodePath.of(host.directory() + "/many/f" + i);
                    all.add(threads.submit(() ->
                            transport.writeAtomically(file, new byte[1000], FileAttributes.ROOT_ONLY, List.of())));
                }
                for (Future<?> each : all) {
                    each.get();
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(transport.list(NodePath.of(host.directory() + "/many"))).hasSize(16);
        }
    }

    /** This sshd takes the key, and ends the connection then. */
    @Test
    void aHostThatLetsRootRunForcedCommandsOnly_sendsWhoeverAsksToItsLog() {
        refused(TestSshd.config().line("PermitRootLogin forced-commands-only"), "root", "look at sshd's log");
    }

    @Test
    void noSessionAtAll_isNamed() {
        refused(TestSshd.config().line("MaxSessions 0"), "root", "MaxSessions");
    }

    @Test
    void aHostThatDropsConnections_isTriedAgain() {
        try (TestSshd host = TestSshd.config().line("MaxStartups 1:50:2").start()) {
            SshConnections shared = SshConnections.limitedTo(8);
            List<SshTransport> all = new ArrayList<>();
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<SshTransport>> coming = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    SshConnector connector = host.as("root").via(shared);
                    coming.add(threads.submit(connector::connect));
                }
                for (Future<SshTransport> each : coming) {
                    all.add(each.get());
                }
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(host.log(), e);
            } finally {
                threads.shutdownNow();
                all.forEach(SshTransport::close);
            }
            assertThat(all).hasSize(8);
            assertThat(host.log()).contains("past MaxStartups");
        }
    }
}
