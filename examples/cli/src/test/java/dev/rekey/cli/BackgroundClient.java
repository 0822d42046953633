package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekey.controlplane.ControlPlaneMember;
import dev.rekey.controlplane.UnexpectedAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Applications that go on while encryption changes: they create Secrets, read them and others through each member in turn, and
 * delete them. A read that a member does not serve is tried once more on the next one, as a client of a list of addresses does.
 */
final class BackgroundClient implements AutoCloseable {
    private static final int KEPT = 20;

    private final List<ControlPlaneMember> members;
    private final List<Map.Entry<String, byte[]>> stable;
    private final List<String> unreadable = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failedTwice = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failedOnce = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final List<Thread> threads;
    private volatile boolean stopped;

    BackgroundClient(Site site) {
        this.members = site.controlPlane().members();
        this.stable = List.copyOf(site.secrets().entrySet());
        this.threads = List.of(new Thread(this::write, "writes"), new Thread(this::read, "reads"));
        threads.forEach(Thread::start);
    }

    int created() {
        return created.get();
    }

    int reads() {
        return reads.get();
    }

    /** Ends the threads; then no object may ever have been unreadable. */
    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        assertThat(unreadable).as("objects that an apiserver could not read").isEmpty();
        if (members.size() > 1) {
            assertThat(failedTwice)
                    .as("reads that two members in a row did not serve")
                    .isEmpty();
        }
    }

    private void write() {
        Deque<String> mine = new ArrayDeque<>();
        for (int number = 0; !stopped; number++) {
            String name = "background-" + number;
            byte[] content = {(byte) number, 1, 2};
            if (create(number, name, content)) {
                mine.add(name);
                readThroughEach(name, content);
            }
            if (mine.size() > KEPT) {
                delete(number, mine.remove());
            }
        }
    }

    private void read() {
        Random random = new Random(7);
        while (!stopped) {
            Map.Entry<String, byte[]> secret = stable.get(random.nextInt(stable.size()));
            readThroughEach(secret.getKey(), secret.getValue());
        }
    }

    private boolean create(int number, String name, byte[] content) {
        try {
            member(number).api().createSecret("default", name, Map.of("content", content), number % 5 == 0);
            created.incrementAndGet();
            return true;
        } catch (UnexpectedAnswer e) {
            note(member(number), name, e);
            return false;
        }
    }

    private void delete(int number, String name) {
        try {
            member(number).api().deleteSecret("default", name);
        } catch (UnexpectedAnswer e) {
            note(member(number), name, e);
        }
    }

    private void readThroughEach(String name, byte[] content) {
        for (int i = 0; i < members.size(); i++) {
            Optional<String> failure = failure(member(i), name, content);
            if (failure.isPresent()) {
                failedOnce.add(failure.get());
                failure(member(i + 1), name, content)
                        .ifPresent(again -> failedTwice.add(failure.get() + "; then " + again));
            }
        }
    }

    private Optional<String> failure(ControlPlaneMember member, String name, byte[] content) {
        reads.incrementAndGet();
        try {
            Optional<Map<String, byte[]>> data = member.api().readSecret("default", name);
            if (data.isEmpty() || !Arrays.equals(data.get().get("content"), content)) {
                unreadable.add(name + " through " + member.name() + (data.isEmpty() ? " is gone" : " is another"));
            }
            return Optional.empty();
        } catch (UnexpectedAnswer e) {
            note(member, name, e);
            return Optional.of(name + " through " + member.name() + ": " + e.getMessage());
        }
    }

    /** An apiserver that cannot decrypt answers 500; one that is on its way up or down does not answer, or with 401, 403, 503. */
    private void note(ControlPlaneMember member, String name, UnexpectedAnswer e) {
        if (e.status() == 500) {
            unreadable.add(name + " through " + member.name() + ": " + e.getMessage());
        }
    }

    private ControlPlaneMember member(int number) {
        return members.get(number % members.size());
    }

    @Override
    public String toString() {
        return created + " Secrets created, " + reads + " reads, " + failedOnce.size() + " of them tried once more";
    }
}
