package dev.rekey.controlplane;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What this host can do for a process of the tests: die with the JVM, and have a host name of its own. */
final class Launcher {
    private static final boolean DIES_WITH_JVM = works("setpriv", "--pdeathsig", "KILL", "--", "true");
    private static final List<String> OWN_NAMESPACE = ownNamespace();

    private Launcher() {}

    /** Whether processes can have a host name of their own; where not, all apiservers of a host share one identity. */
    static boolean hostNamesAreSeparate() {
        return !OWN_NAMESPACE.isEmpty();
    }

    /** The command in a UTS namespace with this host name. Every part execs the next, so the process id stays. */
    static List<String> underHostName(String hostName, List<String> command) {
        List<String> wrapped = new ArrayList<>();
        if (hostNamesAreSeparate()) {
            wrapped.addAll(OWN_NAMESPACE);
            wrapped.addAll(List.of("sh", "-c", "hostname \"$0\" && exec \"$@\"", hostName));
        }
        wrapped.addAll(command);
        return wrapped;
    }

    /** The kernel kills the process when the thread that started it ends, so also when the JVM is killed. */
    static List<String> dyingWithStarter(List<String> command) {
        List<String> wrapped = new ArrayList<>();
        if (DIES_WITH_JVM) {
            wrapped.addAll(List.of("setpriv", "--pdeathsig", "KILL", "--"));
        }
        wrapped.addAll(command);
        return wrapped;
    }

    private static List<String> ownNamespace() {
        // Root needs no user namespace; others can have one where the distribution allows it.
        for (List<String> prefix :
                List.of(List.of("unshare", "--uts"), List.of("unshare", "--map-root-user", "--uts"))) {
            List<String> probe = new ArrayList<>(prefix);
            probe.addAll(List.of("sh", "-c", "hostname rekey-probe"));
            if (works(probe.toArray(String[]::new))) {
                return prefix;
            }
        }
        return List.of();
    }

    private static boolean works(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
