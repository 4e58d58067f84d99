package io.seawall.walkafka;

import io.seawall.walkafka.port.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Has an idle log use its lanes once a day, as Kafka forgets a transactional id after seven days without use (an empty commit does
 * not count: Kafka's client does not even tell the broker). Lets go of a log that is over, although its timer runs on.
 */
final class IdleTouch {
    /** A lane is looked at twice a day, so that none is older than a day. */
    static final Duration EVERY = Duration.ofHours(12);

    private final Time time;
    private volatile @Nullable KafkaWal wal; // set once, emptied when the log is over

    IdleTouch(KafkaWal wal, Time time) {
        this.time = time;
        this.wal = wal;
    }

    void start() {
        time.after(EVERY.toMillis(), this::look);
    }

    void stop() {
        wal = null;
    }

    private void look() {
        var log = wal;
        if (log != null) {
            log.touch(EVERY);
            start();
        }
    }
}
