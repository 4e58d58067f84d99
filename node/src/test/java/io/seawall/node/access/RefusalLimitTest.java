package io.seawall.node.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLimitTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // a clock may overflow
    private final RefusalLimit limit = new RefusalLimit(nanos::get);

    private int refuseUntilReached(Object key) {
        var count = 0;
        while (!limit.isReached(key) && count < 1_000) {
            limit.refused(key);
            count++;
        }
        return count;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void twentyAreAllowedAtOnce() {
        assertThat(refuseUntilReached("a")).isEqualTo(20);
    }

    @Test
    void thenOneEachSecond() {
        refuseUntilReached("a");

        pass(Duration.ofMillis(999));
        assertThat(limit.isReached("a")).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(refuseUntilReached("a")).isEqualTo(1);
        pass(Duration.ofSeconds(3));
        assertThat(refuseUntilReached("a")).isEqualTo(3);
    }

    @Test
    void aLongPauseAllowsTwentyAgainAndNoMore() {
        refuseUntilReached("a");

        pass(Duration.ofHours(1));

        assertThat(refuseUntilReached("a")).isEqualTo(20);
    }

    @Test
    void oneKeyDoesNotCountForAnother() {
        refuseUntilReached("a");

        assertThat(limit.isReached("b")).isFalse();
        assertThat(refuseUntilReached("b")).isEqualTo(20);
    }

    @Test
    void whoWasRefusedLongestAgoIsForgottenFirst() {
        refuseUntilReached("old");
        for (var at = 0; at < RefusalLimit.MOST_KEYS - 1; at++) {
            limit.refused(at);
        }
        assertThat(limit.isReached("old")).isTrue(); // and used again: 0 is the oldest now

        limit.refused("new");

        assertThat(limit.isReached("old")).isTrue();
        for (var at = 1; at <= RefusalLimit.MOST_KEYS; at++) {
            limit.refused(-at);
        }
        assertThat(limit.isReached("old")).isFalse();
    }
}
