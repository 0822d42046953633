package dev.rekey.fuzz;

import dev.rekey.RekeyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a parser thousands of inputs; more on request, shared among the parsers: {@code -Drekey.fuzz.minutes=10
 * -Drekey.fuzz.seed=1}. What fails is written to {@code target/fuzz}.
 */
public final class Fuzzer {
    private static final int PARSERS = 7;
    private static final int CASES = Integer.getInteger("rekey.fuzz.cases", 1_500);
    private static final int MINUTES = Integer.getInteger("rekey.fuzz.minutes", 0);
    private static final long SEED = Long.getLong("rekey.fuzz.seed", 1);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** A recursion over the input shows in a small stack. */
    private static final int STACK = 256 * 1024;

    private static final int LONGEST_MESSAGE = 1_000;

    /** What is fuzzed. */
    @FunctionalInterface
    public interface Parser {
        /**
         * Reads the input, checks the parser's laws, and gives each text to {@code said} that anybody could log. A
         * {@link RekeyException} is an answer as good as any.
         */
        void read(byte[] input, Said said);
    }

    /** Takes what was said. */
    @FunctionalInterface
    public interface Said {
        /** Fails where {@code text} holds content; a message and a string must also be short and without control characters. */
        void check(Object text);
    }

    private final String name;
    private final Mutator mutator;
    private final Parser parser;
    private final Canaries canaries;
    private volatile byte[] input = new byte[0];
    private volatile long begun;
    private volatile int count;
    private volatile int accepted;
    private volatile long slowest;
    private volatile @Nullable Throwable failure;

    private Fuzzer(String name, List<byte[]> seeds, Canaries canaries, Parser parser) {
        this.name = name;
        this.mutator = new Mutator(SEED, seeds);
        this.parser = parser;
        this.canaries = canaries;
    }

    /** Fails with seed and input where one is answered with anything but a {@link RekeyException} or a result. */
    public static void run(String name, List<byte[]> seeds, Canaries canaries, Parser parser) {
        new Fuzzer(name, seeds, canaries, parser).run();
    }

    private void run() {
        Thread thread = new Thread(null, this::loop, "fuzz " + name, STACK);
        thread.setDaemon(true);
        thread.start();
        try {
            while (thread.isAlive()) {
                thread.join(200);
                if (thread.isAlive() && used(thread) - begun > LONGEST.toNanos()) {
                    AssertionError hung = new AssertionError("still at it");
                    hung.setStackTrace(thread.getStackTrace());
                    throw failed(hung);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (failure != null) {
            throw failed(failure);
        }
        if (MINUTES > 0) {
            System.out.printf(
                    "fuzz %s: %d inputs, %d accepted, the slowest took %d ms%n",
                    name, count, accepted, slowest / 1_000_000);
        }
        if (accepted < count / 100) {
            throw new AssertionError("only " + accepted + " of " + count + " were accepted: the inputs are too wild");
        }
    }

    private void loop() {
        long end = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos() / PARSERS;
        try {
            while (MINUTES > 0 ? System.nanoTime() < end : count < CASES) {
                byte[] next = mutator.next();
                input = next;
                begun = used(Thread.currentThread());
                boolean isAccepted = accepts(next);
                slowest = Math.max(slowest, used(Thread.currentThread()) - begun);
                count++;
                if (isAccepted) {
                    accepted++;
                    mutator.keep(next);
                }
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** Nanoseconds of a processor, since others may use it as well. */
    private static long used(Thread thread) {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
    }

    private boolean accepts(byte[] next) {
        try {
            parser.read(next, this::check);
            return true;
        } catch (RekeyException e) {
            check(e);
            if (e.getCause() != null) {
                throw new AssertionError("what is chained quotes content", e.getCause());
            }
            return false;
        }
    }

    private void check(Object said) {
        String text = String.valueOf(said);
        canaries.in(text).ifPresent(piece -> {
            throw new AssertionError("content is said, '" + piece + "', in: " + text);
        });
        boolean isForPeople = said instanceof RekeyException || said instanceof String;
        if (isForPeople && text.chars().anyMatch(Character::isISOControl)) {
            throw new AssertionError("control characters are said in: " + text);
        }
        if (isForPeople && text.length() > LONGEST_MESSAGE) {
            throw new AssertionError(text.length() + " chars are said: " + text);
        }
    }

    private AssertionError failed(Throwable why) {
        try {
            Path file = Files.createDirectories(Path.of("target/fuzz")).resolve(name.replace(' ', '-') + "-" + SEED);
            Files.write(file, input);
            return new AssertionError("fuzz " + name + ", seed " + SEED + ", input " + count + " in " + file, why);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
