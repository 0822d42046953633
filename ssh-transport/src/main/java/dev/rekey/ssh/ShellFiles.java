package dev.rekey.ssh;

import dev.rekey.config.Rendered;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileStatus;
import dev.rekey.ssh.HostFileException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The steps on a host without an SFTP server, for dash, bash and busybox: one command for each, content on standard input only,
 * its size and hash checked on the host by a command that comes after the one that received it, and renamed by yet another. A
 * command that both receives and renames would publish half a file when the link drops.
 */
final class ShellFiles implements HostFiles {
    private static final int ABSENT = 111;
    private static final int EXISTS = 112;
    private static final int DIFFERS = 113;

    /** A file may come and go between the shell's look and stat's: then it is looked for again, a few times. */
    private static final String AGAIN = "t=$((t+1)); if [ $t -ge 20 ]; then exit 1; fi; done;";

    private static final String STAT = "t=0; while [ -e \"$1\" ] || [ -L \"$1\" ]; do"
            + " if stat -c \"%f %u %g %s %Y\" -- \"$1\"; then exit 0; fi; " + AGAIN + " exit " + ABSENT;
    /** The first argument counts those that come before the ones whose links are followed. */
    private static final String LOOK = "i=$1; shift; for f; do if [ $i -gt 0 ]; then l=; else l=-L; fi; i=$((i-1));"
            + " t=0; while [ -e \"$f\" ] || { [ -z \"$l\" ] && [ -L \"$f\" ]; }; do"
            + " if stat $l -c \"%f %u %g %s %Y\" -- \"$f\"; then continue 2; fi; " + AGAIN + " echo -; done";

    private static final String READ = "if [ ! -e \"$1\" ]; then exit " + ABSENT + "; fi;"
            + " if cat -- \"$1\"; then printf \"%s\" \"$n\"; exit 0; fi;"
            + " if [ ! -e \"$1\" ]; then exit " + ABSENT + "; fi; exit 1";
    private static final String LIST = "cd -- \"$1\" || exit 1; for f in .* *; do"
            + " if [ -e \"$f\" ] || [ -L \"$f\" ]; then printf \"%s\\000\" \"$f\"; fi; done";
    private static final String MAKE_PRIVATE_DIRECTORY = "mkdir -m 0700 -- \"$1\"";
    private static final String MAKE_DIRECTORY =
            MAKE_PRIVATE_DIRECTORY + " && chown -- \"$2\" \"$1\" && chmod -- \"$3\" \"$1\" && sync -- \"$1\"";
    /** Where somebody made the directory meanwhile, mv puts ours into it. */
    private static final String RENAME_DIRECTORY =
            "if [ -e \"$2\" ] || [ -L \"$2\" ]; then exit " + EXISTS + "; fi; mv -- \"$1\" \"$2\" || exit 1;"
                    + " d=\"$2/${1##*/}\"; if [ -d \"$d\" ]; then rmdir -- \"$d\"; exit " + EXISTS + "; fi";

    private static final String RECEIVE = "set -C; cat > \"$1\"";
    private static final String FINISH = "if [ \"$(stat -c %s -- \"$1\")\" != \"$2\" ] ||"
            + " [ \"$(sha256sum < \"$1\" | cut -c 1-64)\" != \"$3\" ]; then exit " + DIFFERS + "; fi;"
            + " chown -- \"$4\" \"$1\" && chmod -- \"$5\" \"$1\" && sync -- \"$1\"";
    private static final String RENAME =
            "if [ -d \"$2\" ] || [ -L \"$2\" ]; then exit " + EXISTS + "; fi; mv -f -- \"$1\" \"$2\"";
    private static final String LINK = "if [ -e \"$2\" ] || [ -L \"$2\" ]; then exit " + EXISTS + "; fi;"
            + " ln -- \"$1\" \"$2\" || { if [ -e \"$2\" ]; then exit " + EXISTS + "; fi; exit 1; }";
    private static final String REMOVE = "if [ ! -e \"$1\" ] && [ ! -L \"$1\" ]; then exit " + ABSENT + "; fi;";

    private final String where;
    private final boolean sudo;
    private final SshSession session;
    private final Turn turn;

    ShellFiles(String where, boolean sudo, SshSession session, Turn turn) {
        this.where = where;
        this.sudo = sudo;
        this.session = session;
        this.turn = turn;
    }

    /** Whether the host has what the steps need. */
    void probe() throws IOException {
        try {
            run("for t in cat stat mkdir chown chmod mv ln rm rmdir sync sha256sum cut; do"
                    + " command -v $t >/dev/null || { echo \"no $t\" >&2; exit 1; }; done");
        } catch (HostFileException e) {
            throw new HostAccess.UnusableException("its shell lacks a tool (" + e.getMessage() + ")");
        }
    }

    @Override
    public Optional<FileStatus> stat(NodePath path) throws IOException {
        byte[] output;
        try {
            output = run(STAT, path.value());
        } catch (HostFileException e) {
            if (e.reason() == Reason.ABSENT) {
                return Optional.empty();
            }
            throw e;
        }
        return Optional.of(status(new String(output, StandardCharsets.US_ASCII)));
    }

    @Override
    public List<Optional<FileStatus>> look(List<NodePath> paths, List<NodePath> followed) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(String.valueOf(paths.size())));
        paths.forEach(path -> arguments.add(path.value()));
        followed.forEach(path -> arguments.add(path.value()));
        byte[] output = run(LOOK, arguments.toArray(String[]::new));
        List<Optional<FileStatus>> all = new ArrayList<>();
        for (String line : new String(output, StandardCharsets.US_ASCII).strip().split("\n", -1)) {
            all.add(line.equals("-") ? Optional.empty() : Optional.of(status(line)));
        }
        if (all.size() != paths.size() + followed.size()) {
            throw new HostFileException(Reason.OTHER, "its stat prints what cannot be read");
        }
        return all;
    }

    private static FileStatus status(String line) throws HostFileException {
        String[] fields = line.strip().split(" ", -1);
        try {
            return SftpAttributes.status(
                    Integer.parseInt(fields[0], 16),
                    Integer.parseInt(fields[1]),
                    Integer.parseInt(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]));
        } catch (RuntimeException e) {
            throw new HostFileException(Reason.OTHER, "its stat prints what cannot be read");
        }
    }

    @Override
    public Optional<byte[]> read(NodePath path, FileStatus shown) throws IOException {
        try {
            return Optional.of(run(READ, path.value()));
        } catch (HostFileException e) {
            if (e.reason() == Reason.ABSENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<String> list(NodePath directory) throws IOException {
        String names = new String(run(LIST, directory.value()), StandardCharsets.UTF_8);
        return List.of(names.split("\0", -1)).stream()
                .filter(name -> !name.isEmpty() && !name.equals(".") && !name.equals(".."))
                .toList();
    }

    @Override
    public void makeDirectory(NodePath path, int uid, int gid, int mode) throws IOException {
        run(MAKE_DIRECTORY, path.value(), uid + ":" + gid, octal(mode));
    }

    @Override
    public void makePrivateDirectory(NodePath path) throws IOException {
        run(MAKE_PRIVATE_DIRECTORY, path.value());
    }

    @Override
    public void create(NodePath path, byte[] content, int uid, int gid, int mode) throws IOException {
        run(content, RECEIVE, path.value());
        run(
                FINISH,
                path.value(),
                String.valueOf(content.length),
                Rendered.sha256(content),
                uid + ":" + gid,
                octal(mode));
    }

    @Override
    public void renameDirectory(NodePath from, NodePath to) throws IOException {
        run(RENAME_DIRECTORY, from.value(), to.value());
    }

    @Override
    public void rename(NodePath from, NodePath to) throws IOException {
        run(RENAME, from.value(), to.value());
    }

    @Override
    public void link(NodePath from, NodePath to) throws IOException {
        run(LINK, from.value(), to.value());
    }

    @Override
    public void removeFile(NodePath path) throws IOException {
        run(REMOVE + " rm -f -- \"$1\"", path.value());
    }

    @Override
    public void removeDirectory(NodePath path) throws IOException {
        run(REMOVE + " rmdir -- \"$1\"", path.value());
    }

    @Override
    public void sync(NodePath directory) throws IOException {
        run("sync -- \"$1\"", directory.value());
    }

    private static String octal(int mode) {
        return "0" + Integer.toOctalString(mode);
    }

    private byte[] run(String script, String... arguments) throws IOException {
        return run(new byte[0], script, arguments);
    }

    private byte[] run(byte[] content, String script, String... arguments) throws IOException {
        String nonce = HostCommand.nonce();
        String inner = HostCommand.nonce();
        String command = HostCommand.step(sudo, nonce, inner, script, arguments);
        try (RemoteChannel channel = turn.open(() -> session.exec(command))) {
            Greeting.await(channel, nonce);
            if (sudo) {
                awaitInside(channel, inner);
            }
            // Only now: before, a sudo that records could have read ahead.
            channel.out().write(content);
            channel.out().close();
            byte[] output = readAll(channel.in());
            return judge(channel, output, script.equals(READ) ? inner : "");
        }
    }

    private void awaitInside(RemoteChannel channel, String inner) throws IOException {
        try {
            Greeting.await(channel, inner);
        } catch (HostAccess.UnusableException e) {
            int status = channel.exitStatus();
            if (status == Sudo.RECORDED) {
                throw Sudo.recorded(where);
            }
            if (status == Sudo.RUNS_NOTHING) {
                throw Sudo.runsNothing(where);
            }
            if (status == Sudo.UNKNOWN) {
                throw Sudo.unknown(where);
            }
            throw Sudo.explain(where, channel);
        }
    }

    private static byte[] readAll(InputStream in) throws IOException {
        byte[] output = in.readNBytes(LIMIT + 1_024);
        if (output.length == LIMIT + 1_024) {
            throw new HostFileException(Reason.UNFIT, "is larger than 10 MiB");
        }
        return output;
    }

    /** Success is status 0 and, for content, the nonce behind it: an end of the stream alone proves nothing. */
    private static byte[] judge(RemoteChannel channel, byte[] output, String trailer) throws IOException {
        int status = channel.awaitExitStatus(5_000);
        if (status < 0) {
            throw new IOException("the connection was lost");
        }
        String said = Text.printable(channel.errors().strip(), 200);
        switch (status) {
            case 0 -> {
                byte[] end = trailer.getBytes(StandardCharsets.US_ASCII);
                int length = output.length - end.length;
                if (length < 0 || !new String(output, length, end.length, StandardCharsets.US_ASCII).equals(trailer)) {
                    throw new IOException("the output was cut");
                }
                return Arrays.copyOf(output, length);
            }
            case ABSENT -> throw new HostFileException(Reason.ABSENT, "there is no such file");
            case EXISTS -> throw new HostFileException(Reason.EXISTS, "it is there already");
            case DIFFERS -> throw new IOException("the content did not arrive whole");
            default -> throw new HostFileException(reason(said), said.isEmpty() ? "status " + status : said);
        }
    }

    private static Reason reason(String said) {
        if (said.contains("Read-only file system")) {
            return Reason.READ_ONLY;
        }
        if (said.contains("No space left") || said.contains("quota exceeded")) {
            return Reason.FULL;
        }
        if (said.contains("Permission denied") || said.contains("not permitted")) {
            return Reason.DENIED;
        }
        if (said.contains("not empty")) {
            return Reason.NOT_EMPTY;
        }
        return said.contains("File exists") || said.contains("existing file") ? Reason.EXISTS : Reason.OTHER;
    }

    @Override
    public boolean keepsChannel() {
        return false;
    }

    @Override
    public void close() {
        // Each step has ended its own channel.
    }
}
