package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps that open a channel each, as on a host without SFTP, where the host allows few. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ChannelPoolTest {
    private final List<Turn> turns = new ArrayList<>();
    private final Attempt attempt = new Attempt(Duration.ofSeconds(20));
    private final ChannelPool pool = new ChannelPool("cp1", turn -> {
        synchronized (turns) {
            turns.add(turn);
        }
        return new MemoryFiles((step, path) -> {});
    });

    private static RemoteChannel refuse() throws IOException {
        throw new ChannelRefusedException(2, "channel is not opened.");
    }

    private static RemoteChannel channel() {
        return new RemoteChannel(
                new com.jcraft.jsch.ChannelExec() {},
                new ChannelInput(),
                new ByteArrayOutputStream(),
                new RemoteChannel.Errors());
    }

    @Test
    void aStepThatIsRefusedAgainAndAgain_hasNotBegun() throws IOException {
        pool.take(attempt);
        Commit commit = new Commit(attempt);
        commit.begin();
        assertThatThrownBy(() -> turns.get(0).open(ChannelPoolTest::refuse))
                .isInstanceOfSatisfying(HostFileException.class, e -> {
                    assertThat(e.reason()).isEqualTo(HostFileException.Reason.BUSY);
                    assertThat(Complaint.whatStands(commit, e)).isEqualTo("Nothing was changed");
                });
    }

    @Test
    void aStepThatIsRefusedWhileAnotherOperationRuns_comesAfterIt() throws Exception {
        HostFiles first = pool.take(attempt);
        pool.take(attempt);
        AtomicInteger refusals = new AtomicInteger();
        AtomicInteger running = new AtomicInteger(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<RemoteChannel> second = thread.submit(() -> turns.get(1).open(() -> {
                if (running.get() > 0) {
                    refusals.incrementAndGet();
                    return refuse();
                }
                return channel();
            }));
            while (refusals.get() < 2) {
                Thread.onSpinWait();
            }
            running.decrementAndGet();
            pool.giveBack(first, false);
            assertThat(second.get()).isNotNull();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aRefusalThatIsOver_isNoLimit() throws IOException {
        pool.take(attempt);
        AtomicInteger tries = new AtomicInteger();
        assertThat(turns.get(0).open(() -> tries.incrementAndGet() == 1 ? refuse() : channel()))
                .isNotNull();
        for (int i = 0; i < 3; i++) {
            assertThat(pool.take(attempt)).isNotNull();
        }
    }
}
