package io.seawall.node;

import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Finds the oldest LSN of this node's logs, the same for reads, pages and status. Asks Kafka first, because other tools may
 * delete records there: one request for all logs, not repeated for {@link #FRESH}. Thread-safe.
 */
final class OldestLsn implements TieredReads.Oldest {
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final TieredReads.Oldest segments;
    private final Consumer<Collection<PChannel>> look;
    private final InstantSource clock;
    private final Map<PChannel, Instant> freshUntil = new ConcurrentHashMap<>(); // at most one entry per pchannel

    /**
     * Creates an instance that has not asked yet.
     *
     * @param segments continues from Kafka's start into the segments
     * @param look makes owners update the start of their logs in Kafka; may block for some seconds while Kafka does not
     *     answer
     * @param clock the clock for {@link #FRESH}
     */
    OldestLsn(TieredReads.Oldest segments, Consumer<Collection<PChannel>> look, InstantSource clock) {
        this.segments = segments;
        this.look = look;
        this.clock = clock;
    }

    @Override
    public long of(Wal wal, Duration wait) {
        if (!wait.isZero()) {
            lookAt(List.of(wal.pchannel()));
        }
        return segments.of(wal, wait);
    }

    @Override
    public void lookAt(Collection<PChannel> pchannels) {
        var now = clock.instant();
        var old = pchannels.stream()
                .filter(pchannel -> !now.isBefore(freshUntil.getOrDefault(pchannel, Instant.MIN)))
                .toList();
        if (!old.isEmpty()) {
            look.accept(old);
            // Also after a failure: the next attempt would wait as long.
            var until = clock.instant().plus(FRESH);
            old.forEach(pchannel -> freshUntil.put(pchannel, until));
        }
    }
}
