package io.seawall.walkafka.internal.write;

import io.seawall.walkafka.port.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Uses the lanes of an idle log once a day, because Kafka forgets a transactional id that was not used for seven days. An empty
 * commit does not count, since Kafka's client does not send it. After {@link #stop} the pending timer does not keep the log in
 * memory.
 */
final class LaneKeepAlive {
    /** Lanes are checked twice a day, so that each is used at least once a day. */
    static final Duration EVERY = Duration.ofHours(12);

    private final Time time;
    private volatile @Nullable WalStateMachine log; // null once the log is over

    LaneKeepAlive(WalStateMachine log, Time time) {
        this.time = time;
        this.log = log;
    }

    void start() {
        time.after(EVERY.toMillis(), this::fire);
    }

    void stop() {
        log = null;
    }

    private void fire() {
        var current = log;
        if (current != null) {
            current.post(() -> current.keepLanesAlive(EVERY));
            start();
        }
    }
}
