package dev.rekey.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rekey.NodeException;
import dev.rekey.RefusedException;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.NodeTransport;
import dev.rekey.testing.FakeControlPlane;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class ParallelTest {
    @Test
    void thirtyQuestions_areAllAskedBeforeTheFirstIsAnswered_andAnsweredInOrder() {
        List<Integer> members = IntStream.range(0, 30).boxed().toList();
        CountDownLatch asked = new CountDownLatch(members.size());

        List<Integer> answers = Parallel.map(members, member -> {
            asked.countDown();
            await(asked);
            return -member;
        });

        assertThat(answers)
                .containsExactlyElementsOf(
                        members.stream().map(member -> -member).toList());
    }

    @Test
    void membersThatCannotBeReached_areAllTold_onceAllQuestionsHaveEnded() {
        AtomicInteger ended = new AtomicInteger();

        assertThatExceptionOfType(NodeException.class)
                .isThrownBy(() -> Parallel.map(List.of("cp1", "cp2", "cp3"), member -> {
                    ended.incrementAndGet();
                    if (member.equals("cp2")) {
                        return member;
                    }
                    throw new NodeException("member " + member + ": nothing answers");
                }))
                .withMessage("member cp1: nothing answers; and member cp3: nothing answers");
        assertThat(ended).hasValue(3);
    }

    @Test
    void anAnswerThatIsWrong_isToldBeforeMembersThatCannotBeReached() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Parallel.map(List.of("cp1", "cp2"), member -> {
                    throw member.equals("cp2") ? new RefusedException("wrong") : new NodeException("away");
                }))
                .withMessage("wrong");
    }

    @Test
    void aTransportThatKnowsItsHostOnly_isNamedByItsMember() {
        FakeControlPlane plane = FakeControlPlane.withMembers(1);
        NodeTransport transport = Mockito.mock(NodeTransport.class);
        Mockito.when(transport.read(Mockito.any())).thenThrow(new NodeException("host 10.0.0.1: nothing answers"));
        EncryptionLifecycle lifecycle = EncryptionLifecycle.on(
                        Map.of("cp1", transport),
                        new ClusterAccess(plane.probe(), plane.rewriter(), plane.kubeadm()),
                        plane.archive())
                .build();

        assertThatExceptionOfType(NodeException.class)
                .isThrownBy(lifecycle::status)
                .withMessage("member cp1: host 10.0.0.1: nothing answers");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
