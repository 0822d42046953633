package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.Guard;
import dev.rekey.sshd.SshdConfig;
import dev.rekey.sshd.TestSshd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As {@link SshWriteTraceIT}, on a host without SFTP: a shell opens files with mode 0666, and only its umask makes them narrow. */
class ShellWriteTraceIT {
    private static final FileAttributes ATTRIBUTES = new FileAttributes(1_234, 1_235, 0644, 0755);

    private static final Pattern CALL = Pattern.compile("(?<pid>\\d+) +(?<call>\\w+)\\((?<rest>.*)");
    private static final Pattern CHILD =
            Pattern.compile("(?<pid>\\d+) +(<\\.\\.\\. )?(clone3?|v?fork)\\b.* = (?<child>\\d+)$");
    private static final Pattern PLACE =
            Pattern.compile("[\"<]([^\">]*/(\\.rekey-[0-9a-f]{16}|made(/here(/[a-z]+)?)?))[\">]");

    @ParameterizedTest
    @CsvSource({"root, dash", "ops, dash", "root, bash", "root, busybox"})
    void aWrite_isMadeNarrow_filled_owned_synced_andOnlyThenRenamed(String user, String shell) {
        SshdConfig config = TestSshd.config()
                .withoutSftp()
                .systemShell(shell)
                .rootShell("/bin/sh")
                .sudoer("ops", "/bin/sh");
        try (TestSshd host = config.traced().start()) {
            NodePath file = NodePath.of(host.directory() + "/made/here/f");
            NodePath lock = NodePath.of(host.directory() + "/made/here/lock");
            try (SshTransport transport = host.as(user).connect()) {
                transport.writeAtomically(file, new byte[100_000], ATTRIBUTES, List.of());
                transport.writeAtomically(lock, new byte[10], ATTRIBUTES, List.of(Guard.absent(lock)));
            }
            String directory = "mkdir 0700 .rekey-*, chown .rekey-*, chmod 0755 .rekey-*, sync .rekey-*, rename ";
            String made = "create 0600 .rekey-*, write .rekey-*, chown .rekey-*, chmod 0644 .rekey-*, sync .rekey-*, ";
            assertThat(String.join(", ", steps(host)))
                    .isEqualTo(directory + "made, " + directory + "here, sync made, " + made + "rename f, sync here, "
                            + made + "link lock, unlink .rekey-*, sync here");
        }
    }

    /** What changed our files, in order, each with the mode that it really got: of what is made, what the umask of its process left. */
    private static List<String> steps(TestSshd host) {
        List<String> lines = host.trace().lines().toList();
        Map<String, String> parents = new HashMap<>();
        for (String line : lines) {
            Matcher child = CHILD.matcher(line);
            if (child.find()) {
                parents.put(child.group("child"), child.group("pid"));
            }
        }
        Map<String, Integer> umasks = new HashMap<>();
        List<String> steps = new ArrayList<>();
        for (String line : lines) {
            Matcher call = CALL.matcher(line);
            if (!call.lookingAt() || line.contains(" = -1 ")) {
                continue;
            }
            String pid = call.group("pid");
            if (call.group("call").equals("umask")) {
                umasks.put(pid, Integer.parseInt(call.group("rest").replaceAll("\\).*", ""), 8));
                continue;
            }
            String step = step(call.group("call"), call.group("rest"), umask(umasks, parents, pid));
            String last = steps.isEmpty() ? "" : steps.get(steps.size() - 1);
            // Busybox makes a directory with a mode, and then gives it that mode.
            if (!step.isEmpty() && !step.equals(last) && !step.equals(last.replace("mkdir", "chmod"))) {
                steps.add(step);
            }
        }
        return steps;
    }

    private static int umask(Map<String, Integer> umasks, Map<String, String> parents, String pid) {
        for (String at = pid; at != null; at = parents.get(at)) {
            if (umasks.containsKey(at)) {
                return umasks.get(at);
            }
        }
        return 0;
    }

    private static String step(String call, String rest, int umask) {
        Matcher place = PLACE.matcher(rest);
        String last = "";
        while (place.find()) {
            last = place.group(1);
        }
        if (last.isEmpty()) {
            return "";
        }
        String name = last.substring(last.lastIndexOf('/') + 1).replaceAll("^\\.rekey-.*", ".rekey-*");
        return switch (call) {
            case "mkdir" -> "mkdir " + mode(rest, umask) + " " + name;
            case "openat" -> rest.contains("O_CREAT") ? "create " + mode(rest, umask) + " " + name : "";
            case "write", "writev" -> "write " + name;
            case "chmod", "fchmod", "fchmodat" -> "chmod " + mode(rest, 0) + " " + name;
            case "chown", "lchown", "fchown", "fchownat" -> "chown " + name;
            case "fsync", "fdatasync" -> "sync " + name;
            case "rename", "renameat", "renameat2" -> "rename " + name;
            case "link", "linkat" -> "link " + name;
            case "unlink", "unlinkat" -> "unlink " + name;
            default -> "";
        };
    }

    private static String mode(String rest, int umask) {
        Matcher mode = Pattern.compile(", (0[0-7]{3})\\b").matcher(rest);
        assertThat(mode.find()).as(rest).isTrue();
        return "0" + Integer.toOctalString(Integer.parseInt(mode.group(1), 8) & ~umask);
    }
}
