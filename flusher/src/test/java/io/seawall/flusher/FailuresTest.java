package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.FlusherSettings.Backoff;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1));

    @Test
    void pausesGrowUpToTheLongest() {
        var failures = Failures.NONE;
        var pauses = new ArrayList<Long>();
        for (var i = 0; i < 5; i++) {
            failures = failures.with(failure("any"), PAUSES, 0);
            pauses.add(failures.pause().toMillis());
        }

        assertThat(pauses).containsExactly(200L, 400L, 800L, 1_000L, 1_000L);
        assertThat(failures.count()).isEqualTo(5);
    }

    @Test
    void theNextAttemptIsDueAPauseAfterTheLastFailure() {
        var last = failure("the second");

        var failures = Failures.NONE.with(failure("the first"), PAUSES, -5_000).with(last, PAUSES, -4_000);

        assertThat(failures.retryAtMs()).isEqualTo(-3_600);
        assertThat(failures.last()).containsSame(last);
    }

    @Test
    void withoutFailuresAnAttemptIsDueAtAnyTime() {
        assertThat(Failures.NONE.isEmpty()).isTrue();
        assertThat(Failures.NONE.last()).isEmpty();
        assertThat(Failures.NONE.retryAtMs()).isEqualTo(Long.MIN_VALUE);
    }

    private static WalException failure(String found) {
        return Problem.of(ErrorCode.UNAVAILABLE, "flush").found(found).exception();
    }
}
