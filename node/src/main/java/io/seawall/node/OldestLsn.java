package io.seawall.node;

import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the oldest LSN of this node's logs, the same for reads, pages and status. Asks Kafka first, because other tools may
 * delete records there: one request for all logs, not repeated for {@link #FRESH}. Thread-safe.
 */
final class OldestLsn implements TieredReads.Oldest {
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final TieredReads.Oldest segments;
    private final Consumer<Collection<PChannel>> updateStarts;
    private final LongSupplier nanoTime;
    private final Map<PChannel, Long> askedNanos = new ConcurrentHashMap<>(); // at most one entry per pchannel

    /**
     * Creates an instance that has not asked yet.
     *
     * @param segments continues from Kafka's start into the segments
     * @param updateStarts makes owners update the start of their logs in Kafka; may block for some seconds while Kafka does not
     *     answer
     * @param nanoTime a monotonic clock in nanoseconds
     */
    OldestLsn(TieredReads.Oldest segments, Consumer<Collection<PChannel>> updateStarts, LongSupplier nanoTime) {
        this.segments = segments;
        this.updateStarts = updateStarts;
        this.nanoTime = nanoTime;
    }

    @Override
    public long of(Wal wal, Duration wait) {
        if (!wait.isZero()) {
            refresh(List.of(wal.pchannel()));
        }
        return segments.of(wal, wait);
    }

    @Override
    public void refresh(Collection<PChannel> pchannels) {
        var nowNanos = nanoTime.getAsLong();
        var old = pchannels.stream()
                .filter(pchannel -> !isFresh(askedNanos.get(pchannel), nowNanos))
                .toList();
        if (!old.isEmpty()) {
            updateStarts.accept(old);
            // Counts as fresh after a failure too, since the next attempt would wait as long.
            var answeredNanos = nanoTime.getAsLong();
            old.forEach(pchannel -> askedNanos.put(pchannel, answeredNanos));
        }
    }

    private static boolean isFresh(@Nullable Long askedNanos, long nowNanos) {
        return askedNanos != null && nowNanos - askedNanos < FRESH.toNanos();
    }
}
