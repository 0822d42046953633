package dev.rekey.controlplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports on 127.0.0.1, below the range from which the kernel takes the local ports of connections. */
final class LoopbackPorts {
    /*
     * A server of these tests is killed and must come back on its port. A port that the kernel gives out on its own
     * could belong to somebody's connection by then.
     */
    private static final int EACH = 3_000;

    /** Of this JVM and of no other one that runs tests of the same build, since a server that is being restarted has left its port. */
    private static final int LOWEST = 20_000 + EACH * (Integer.getInteger("surefire.forkNumber", 1) % 4);

    private static final int HIGHEST = LOWEST + EACH;
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private LoopbackPorts() {}

    static List<Integer> take(int count) {
        List<Integer> ports = new ArrayList<>();
        for (int attempt = 0; ports.size() < count; attempt++) {
            if (attempt > 5_000) {
                throw new IllegalStateException("no free port between " + LOWEST + " and " + HIGHEST);
            }
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port) && TAKEN.add(port)) {
                ports.add(port);
            }
        }
        return List.copyOf(ports);
    }

    static void giveBack(List<Integer> ports) {
        TAKEN.removeAll(ports);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
