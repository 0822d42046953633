package dev.rekey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    private final List<String> lines = new ArrayList<>();
    private final List<Integer> halted = new ArrayList<>();
    private final Interruption interruption = new Interruption(lines::add, halted::add);

    @AfterEach
    void forgetTheInterrupt() {
        Thread.interrupted();
    }

    @Test
    void aRunThatNobodyStops_givesItsStatus() {
        assertThat(interruption.during(stop -> stop.getAsBoolean() ? 9 : 0)).isZero();
        assertThat(halted).isEmpty();
    }

    @Test
    void aSignal_asksTheRunToStop_andEndsTheProcessWithTheStatusOfTheRun() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        BooleanSupplier asked = stop::get;
        Thread run = new Thread(() -> {
            while (!asked.getAsBoolean()) {
                Thread.onSpinWait();
            }
            ended.complete(1);
        });
        run.start();

        interruption.onSignal(stop, ended);

        run.join();
        assertThat(halted).containsExactly(1);
        assertThat(lines).singleElement().asString().contains("safe point");
    }

    @Test
    void aRunThatEndsWellMeanwhile_endsTheProcessWell() {
        interruption.onSignal(new AtomicBoolean(), CompletableFuture.completedFuture(0));

        assertThat(halted).containsExactly(0);
    }

    @Test
    void aRunThatReachesNoSafePoint_isLeftBehind() {
        Thread.currentThread().interrupt();

        interruption.onSignal(new AtomicBoolean(), new CompletableFuture<>());

        assertThat(halted).containsExactly(1);
        assertThat(lines).last().asString().contains("before a safe point");
    }
}
