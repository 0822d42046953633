package dev.rekey.lifecycle;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** What the kernel says of processes on this host; without {@code /proc} nothing is known, and locks are merely watched. */
final class ThisProcess {
    private ThisProcess() {}

    /** A lock for a new run of this process. */
    static LockFile newLock() {
        byte[] run = new byte[16];
        new SecureRandom().nextBytes(run);
        String pid = String.valueOf(ProcessHandle.current().pid());
        return new LockFile(
                System.getProperty("user.name", "") + "@" + host(),
                HexFormat.of().formatHex(run),
                boot(),
                pidNamespace(),
                pid,
                started(pid));
    }

    /** Whether the holder ran on this very host and is gone from it. False where that cannot be told. */
    static boolean isGone(LockFile lock) {
        boolean here = !lock.boot().isEmpty()
                && lock.boot().equals(boot())
                && !lock.pidNamespace().isEmpty()
                && lock.pidNamespace().equals(pidNamespace());
        // Where processes of others are hidden (hidepid), a missing entry says nothing.
        boolean seesOthers = !started("1").isEmpty();
        return here
                && seesOthers
                && lock.pid().matches("[0-9]{1,10}")
                && !lock.started().isEmpty()
                && !lock.started().equals(started(lock.pid()));
    }

    private static String boot() {
        return read(Path.of("/proc/sys/kernel/random/boot_id")).trim();
    }

    private static String pidNamespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    /** Field 22 of {@code stat}, after the name in parentheses, which may hold blanks; empty for a process that is gone. */
    private static String started(String pid) {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
        return afterName.length > 19 && !afterName[0].equals("Z") ? afterName[19] : "";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }
}
