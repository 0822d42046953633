package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Lives of a site, with its command killed at random moments of enable, rotate and disable. */
final class Kills {
    private static final int KILLS_IN_ONE_CALL = 2;
    private static final Pattern PLANNED = Pattern.compile("(?m)^[a-z].*: ([0-9]+) steps$");

    private final Random random;

    /** Kills to come in enable, rotate and disable. */
    private final int[] left;

    /** {@code seed} repeats a run as far as time allows. */
    Kills(int count, long seed) {
        System.out.println("kills: " + count + ", seed: " + seed);
        random = new Random(seed);
        left = new int[] {(count + 2) / 3, (count + 1) / 3, count / 3};
    }

    /** Begins and ends with a site that has no encryption. */
    void during(Site site) {
        for (int call = 0; Arrays.stream(left).sum() > 0 || call % left.length != 0; call++) {
            int kind = call % left.length;
            List<String> command = command(site, kind);
            for (int again = 0; again < KILLS_IN_ONE_CALL && left[kind] > 0 && killed(site, command); again++) {
                left[kind]--;
                assertNothingIsLost(site);
            }
            site.succeed(command.toArray(String[]::new));
            assertNothingIsToDo(site, command);
        }
        site.assertAllPlain();
        site.assertNothingLeft();
        site.assertEverySecretReadable();
    }

    /** Kills {@code command} once, unless it ends before the moment comes, and then lets it finish. */
    void finishedAfterAKill(Site site, List<String> command) {
        if (killed(site, command)) {
            assertNothingIsLost(site);
        }
        site.succeed(command.toArray(String[]::new));
        assertNothingIsToDo(site, command);
    }

    private static void assertNothingIsLost(Site site) {
        site.controlPlane().waitReady(); // of whichever was being restarted just then
        site.assertEverySecretReadable();
        site.assertEverySecretReadableAfterRestarts();
    }

    private static List<String> command(Site site, int number) {
        return switch (number) {
            case 0 -> List.of("enable", "--yes");
            case 1 -> List.of("rotate", "--away-from", site.onlyKey(), "--yes");
            default -> List.of("disable", "--yes");
        };
    }

    /** False where the call had ended before the moment came. */
    private boolean killed(Site site, List<String> command) {
        RekeyJar.Running call = site.start(command.toArray(String[]::new));
        double when = random.nextDouble();
        // In the middle of something quick, or of something that is waited for.
        Duration later = Duration.ofMillis(random.nextInt(random.nextBoolean() ? 20 : 1000));
        while (call.isAlive() && !hasComeTo(call.progress(), when)) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        LockSupport.parkNanos(later.toNanos());
        boolean alive = call.isAlive();
        call.kill();
        System.out.println(command + (alive ? " killed " : " ended before it was killed ") + later.toMillis()
                + " ms after " + call.progress().lines().reduce("its start", (first, second) -> second));
        return alive;
    }

    /** Whether that part of the planned steps has begun. */
    private static boolean hasComeTo(String progress, double part) {
        Matcher planned = PLANNED.matcher(progress);
        if (!planned.find()) {
            return false;
        }
        int steps = Integer.parseInt(planned.group(1));
        return progress.contains("[" + (int) Math.ceil(part * steps) + "/" + steps + "]");
    }

    private static void assertNothingIsToDo(Site site, List<String> command) {
        String[] asJson =
                Stream.concat(command.stream(), Stream.of("--output", "json")).toArray(String[]::new);
        String[] plan = Stream.concat(Stream.of("plan"), Stream.of(asJson)).toArray(String[]::new);
        assertThat(site.succeed(plan).json().getAsJsonArray("steps")).isEmpty();
        assertThat(site.succeed(asJson).json().getAsJsonArray("steps")).isEmpty();
    }
}
