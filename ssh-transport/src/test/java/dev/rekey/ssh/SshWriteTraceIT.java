package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileAttributes;
import dev.rekey.spi.Guard;
import dev.rekey.sshd.TestSshd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the host's kernel is asked for during a write, seen by strace on its side. */
class SshWriteTraceIT {
    private static final FileAttributes ATTRIBUTES = new FileAttributes(1_234, 1_235, 0644, 0755);

    @ParameterizedTest
    @ValueSource(strings = {"root", "ops"})
    void aWriteIsMadeNarrow_filled_owned_synced_renamed_aDeleteMovedAway_andTheirDirectorySynced(String user) {
        try (TestSshd host =
                TestSshd.config().sudoer("ops", "/bin/dash").traced().start()) {
            String directory = host.directory() + "/made/here";
            NodePath file = NodePath.of(directory + "/f");
            NodePath lock = NodePath.of(directory + "/lock");
            try (SshTransport transport = host.as(user).connect()) {
                transport.writeAtomically(file, new byte[100_000], ATTRIBUTES, List.of());
                transport.writeAtomically(lock, new byte[10], ATTRIBUTES, List.of(Guard.absent(lock)));
                transport.delete(file, List.of());
            }
            List<String> calls = Arrays.stream(host.trace().split("\n"))
                    .filter(line -> (line.contains(host.directory() + "/made") || line.contains("/.rekey-"))
                            && !line.contains("<pipe:"))
                    .map(line -> line.replaceFirst("^[0-9]+ +", "")
                            .replaceAll("\\.rekey-[0-9a-f]{16}", ".rekey-*")
                            .replace(host.directory().toString(), "")
                            .replaceAll("AT_FDCWD<[^>]*>", "AT_FDCWD")
                            .replaceAll("p?write(64)?(\\(.*?>), .*", "write$2")
                            .replaceAll("\\) += .*$", ")")
                            .replace("))", ")"))
                    .filter(line -> line.matches(
                            "(openat.*O_CREAT|mkdir|rmdir|fchmod|fchown|fsync|rename|link|unlink|chmod|write).*"))
                    .toList();
            assertThat(dedup(calls))
                    .containsExactly(
                            "mkdir(\"/.rekey-*\", 0700)",
                            "fchmod(4</.rekey-*>, 0755)",
                            "fchown(4</.rekey-*>, 1234, 1235)",
                            "fsync(4</.rekey-*>)",
                            "rename(\"/.rekey-*\", \"/made\")",
                            "mkdir(\"/made/.rekey-*\", 0700)",
                            "fchmod(4</made/.rekey-*>, 0755)",
                            "fchown(4</made/.rekey-*>, 1234, 1235)",
                            "fsync(4</made/.rekey-*>)",
                            "rename(\"/made/.rekey-*\", \"/made/here\")",
                            "fsync(4</made>)",
                            "openat(AT_FDCWD, \"/made/here/.rekey-*\", O_WRONLY|O_CREAT|O_EXCL, 0600)",
                            "write(4</made/here/.rekey-*>",
                            "fchmod(4</made/here/.rekey-*>, 0644)",
                            "fchown(4</made/here/.rekey-*>, 1234, 1235)",
                            "fsync(4</made/here/.rekey-*>)",
                            "rename(\"/made/here/.rekey-*\", \"/made/here/f\")",
                            "fsync(4</made/here>)",
                            "openat(AT_FDCWD, \"/made/here/.rekey-*\", O_WRONLY|O_CREAT|O_EXCL, 0600)",
                            "write(4</made/here/.rekey-*>",
                            "fchmod(4</made/here/.rekey-*>, 0644)",
                            "fchown(4</made/here/.rekey-*>, 1234, 1235)",
                            "fsync(4</made/here/.rekey-*>)",
                            "link(\"/made/here/.rekey-*\", \"/made/here/lock\")",
                            "unlink(\"/made/here/.rekey-*\")",
                            "fsync(4</made/here>)",
                            "mkdir(\"/made/here/.rekey-*\", 0700)",
                            "rename(\"/made/here/f\", \"/made/here/.rekey-*/.rekey-*\")",
                            "unlink(\"/made/here/.rekey-*/.rekey-*\")",
                            "rmdir(\"/made/here/.rekey-*\")",
                            "fsync(4</made/here>)");
        }
    }

    private static List<String> dedup(List<String> calls) {
        Matcher descriptor = Pattern.compile("\\((\\d+)<").matcher("");
        String last = "";
        List<String> kept = new ArrayList<>();
        for (String call : calls) {
            String named = descriptor.reset(call).replaceAll("(4<");
            if (!named.equals(last)) {
                kept.add(named);
            }
            last = named;
        }
        return kept;
    }
}
