package dev.rekey.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.manifest.NodePath;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommitTest {
    private final Attempt attempt = new Attempt(Duration.ofMinutes(1));
    private final Commit commit = new Commit(attempt);

    @Test
    void aCallThatEndedBeforeItsLastStep_doesNotBeginItAfterwards() {
        attempt.end(EndedException.closed());
        assertThatThrownBy(commit::begin).hasMessageContaining("closed by the caller");
        assertThat(complaint()).contains("meanwhile. Nothing was changed. Make the same call again on a new transport");
    }

    @Test
    void aCallThatEndedInItsLastStep_leavesOpenWhichStands() throws IOException {
        commit.begin();
        attempt.end(EndedException.closed());
        assertThat(complaint())
                .isEqualTo("host cp-1, writing /f: its transport was closed by the caller meanwhile. The old or the new"
                        + " stands there, whole; which one is not known. Make the same call again on a new transport");
    }

    @Test
    void aCallThatEndedAfterItsLastStep_saysThatTheNewStands() throws IOException {
        commit.begin();
        commit.done();
        attempt.end(EndedException.closed());
        assertThat(complaint()).contains("meanwhile. It is done");
    }

    @Test
    void aCallThatIsLate_doesNotBeginItsLastStep() {
        Commit late = new Commit(new Attempt(Duration.ZERO));
        assertThatThrownBy(late::begin).hasMessage("it did not answer in time");
    }

    private String complaint() {
        EndedException why = EndedException.closed();
        return Complaint.of("cp-1", NodePath.of("/f"), "writing", why, Complaint.whatStands(commit, why))
                .getMessage();
    }
}
