package io.seawall.coordinator.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Which answers to a process's record about itself count, and when the record is written again. */
class OwnRecordPausesTest {
    private final OwnRecord own = new OwnRecord(new Owner("n1", "n1-a"), "http://n1", "", "", 500);

    private boolean isDue(long nowMs) {
        return own.due(MetaState.EMPTY, true, nowMs, Instant.EPOCH).isPresent();
    }

    private void givenUpAndWrittenAgain() {
        assertThat(isDue(0)).isTrue();
        assertThat(isDue(499)).isFalse();
        assertThat(isDue(500)).isTrue();
    }

    @Test
    void theLateSuccessOfAnAttemptThatWasGivenUpDoesNotCount() {
        givenUpAndWrittenAgain();
        own.onWritten(1, 510);

        assertThat(isDue(999)).isFalse();
        assertThat(isDue(1_000)).as("the second attempt is given up, too").isTrue();
    }

    @Test
    void theLateFailureOfAnAttemptThatWasGivenUpDoesNotCount() {
        givenUpAndWrittenAgain();
        own.onFailed(1, 510);

        assertThat(isDue(999)).isFalse();
    }

    @Test
    void pausesGrowAndBeginAgainAfterASuccess() {
        assertThat(isDue(0)).isTrue();
        own.onFailed(1, 0);
        assertThat(isDue(99)).isFalse();
        assertThat(isDue(100)).isTrue();
        own.onFailed(2, 100);
        assertThat(isDue(299)).isFalse();
        assertThat(isDue(300)).isTrue();
        own.onWritten(3, 300);
        own.leave();
        assertThat(isDue(301)).isTrue();
        own.onFailed(4, 301);

        assertThat(isDue(400)).isFalse();
        assertThat(isDue(401)).isTrue();
    }
}
