package dev.rekey.ssh;

import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** The messages of failed operations: where, what was found, what stands now, what to do. */
final class Complaint {
    static final String NOTHING_CHANGED = "Nothing was changed";

    private Complaint() {}

    static NodeException of(String where, NodePath path, String doing, IOException e, String standing) {
        String found = e instanceof HostFileException || e instanceof EndedException ? "" : "the connection failed: ";
        return new NodeException("host " + where + ", " + doing + " " + path + ": " + found + e.getMessage() + ". "
                + standing + ". " + advice(e));
    }

    /** A refusal leaves the old; a lost answer leaves it open, until the host is looked at again. */
    static String whatStands(Commit commit, IOException e) {
        List<NodePath> traces = commit.traces();
        String old = traces.isEmpty() ? NOTHING_CHANGED : "It is as it was";
        String stands = switch (commit.stage()) {
            case BEFORE -> old;
            case BEGUN ->
                e instanceof HostFileException ? old : "The old or the new stands there, whole; which one is not known";
            case DONE -> "It is done, but a power loss may still undo it";
        };
        return traces.isEmpty() ? stands : stands + "; " + left(traces);
    }

    /** What a host said that nothing could be done on any more, together with what had been done before. */
    static NodeException withTraces(NodeException e, Commit commit) {
        List<NodePath> traces = commit.traces();
        return traces.isEmpty() ? e : new NodeException(e.getMessage() + ". Before that, " + left(traces));
    }

    private static String left(List<NodePath> traces) {
        return "made on the way, and perhaps left there: "
                + traces.stream().map(NodePath::value).collect(Collectors.joining(", "));
    }

    private static String advice(IOException e) {
        if (e instanceof EndedException ended) {
            return ended.advice();
        }
        if (!(e instanceof HostFileException refusal)) {
            return Waiting.HOST.advice();
        }
        return switch (refusal.reason()) {
            case DENIED ->
                "Log in as root or through sudo, and look for an immutable flag (`lsattr`) and SELinux denials"
                        + " (`ausearch -m avc`) there";
            case READ_ONLY -> "Mount it writable (`mount -o remount,rw`), then make the same call again";
            case FULL -> "Free blocks and inodes there (`df`, `df -i`), then make the same call again";
            case NOT_EMPTY -> "Look at what is in it";
            case UNFIT -> "Put a plain file in a directory that only root can write to there, or set another path";
            case BUSY -> "Raise MaxSessions in its sshd_config, then make the same call again";
            case ABSENT, EXISTS, OTHER -> "Look at the host's disk and log, then make the same call again";
        };
    }
}
