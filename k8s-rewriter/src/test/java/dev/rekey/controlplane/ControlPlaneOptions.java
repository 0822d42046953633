package dev.rekey.controlplane;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link RealControlPlane} is to be: at first fast, with {@link #faithful} as slow as a cluster in the field.
 *
 * @param reloadPoll how often apiservers look at their configuration; null is the server's own minute
 * @param flags more flags of all members (under the name {@code *}) and of single ones, as {@code --name=value}; one that
 *     the manifest has anyway takes its place
 * @param relist how often a host reads its manifest directory as a whole
 * @param restartPause what a host waits after the second death in a row, doubled with each more
 * @param grace how long an apiserver may take to end
 */
public record ControlPlaneOptions(
        @Nullable Duration reloadPoll,
        Map<String, List<String>> flags,
        Duration relist,
        Duration restartPause,
        Duration grace) {
    private static final String ALL = "*";

    public ControlPlaneOptions {
        Map<String, List<String>> copy = new HashMap<>();
        flags.forEach((member, list) -> copy.put(member, List.copyOf(list)));
        flags = Map.copyOf(copy);
    }

    /** Reloads within 2 s, hosts that act within a second. */
    public static ControlPlaneOptions fast() {
        return new ControlPlaneOptions(
                Duration.ofSeconds(2), Map.of(), Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ofSeconds(30));
    }

    /** The server's reload poll and kubelet's own pauses. */
    public static ControlPlaneOptions faithful() {
        return fast().withReloadPoll(null).withRestartPause(Duration.ofSeconds(10));
    }

    /** Null gives the server's own minute. */
    public ControlPlaneOptions withReloadPoll(@Nullable Duration poll) {
        return new ControlPlaneOptions(poll, flags, relist, restartPause, grace);
    }

    /** One more flag of every apiserver, such as {@code --request-timeout=10s}. */
    public ControlPlaneOptions withFlag(String flag) {
        return withFlag(ALL, flag);
    }

    /** One more flag of one member's apiserver. */
    public ControlPlaneOptions withFlag(String member, String flag) {
        Map<String, List<String>> more = new HashMap<>(flags);
        List<String> list = new ArrayList<>(more.getOrDefault(member, List.of()));
        list.add(flag);
        more.put(member, list);
        return new ControlPlaneOptions(reloadPoll, more, relist, restartPause, grace);
    }

    /** How often the manifest directory is read as a whole. */
    public ControlPlaneOptions withRelist(Duration period) {
        return new ControlPlaneOptions(reloadPoll, flags, period, restartPause, grace);
    }

    /** The first pause after a second death in a row. */
    public ControlPlaneOptions withRestartPause(Duration pause) {
        return new ControlPlaneOptions(reloadPoll, flags, relist, pause, grace);
    }

    List<String> flagsOf(String member) {
        List<String> all = new ArrayList<>(flags.getOrDefault(ALL, List.of()));
        all.addAll(flags.getOrDefault(member, List.of()));
        return all;
    }

    Map<String, String> environment() {
        return Optional.ofNullable(reloadPoll)
                .map(poll -> Map.of(ControlPlaneBinaries.RELOAD_POLL_VARIABLE, poll.toMillis() + "ms"))
                .orElse(Map.of());
    }
}
