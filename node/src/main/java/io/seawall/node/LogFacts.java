package io.seawall.node;

import io.seawall.node.ports.PChannelStatus.Positions;
import io.seawall.wal.PChannel;
import io.seawall.wal.View;
import io.seawall.wal.WalReaders;
import io.seawall.walkafka.admin.LogHolder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Caches positions and holders of logs for a moment, so that a console that requests everything each second does not make the
 * node read all logs each second. Thread-safe; a read that finds no fresh value blocks.
 */
final class LogFacts {
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final Kept<Positions> positions;
    private final Kept<Optional<LogHolder>> holders;
    private final LongSupplier nanoTime;

    /**
     * Creates facts that were not read yet.
     *
     * @param readers reads bounds
     * @param holderOf reads the holder of a log; may block
     * @param storedOf asks the segment store up to which LSN a log is flushed; may block
     * @param nanoTime a monotonic clock in nanoseconds
     */
    LogFacts(
            WalReaders readers,
            Function<PChannel, Optional<LogHolder>> holderOf,
            Function<PChannel, OptionalLong> storedOf,
            LongSupplier nanoTime) {
        this.positions = new Kept<>(
                pchannel -> {
                    var bounds = readers.bounds(pchannel, View.LIVE);
                    return new Positions(
                            bounds.oldest(),
                            bounds.tail(),
                            storedOf.apply(pchannel).orElse(0));
                },
                nanoTime);
        this.holders = new Kept<>(holderOf, nanoTime);
        this.nanoTime = nanoTime;
    }

    /** Returns reads without a time limit: each fact is at most {@link #FRESH} old. */
    Reads reads() {
        return new Reads(() -> TieredReads.Oldest.SHORTLY);
    }

    /**
     * Returns reads of many logs that share a time limit. A log that is not read by then has the facts that were read before,
     * however old, or none.
     *
     * @param limit how long until the last read begins
     */
    Reads reads(Duration limit) {
        var sinceNanos = nanoTime.getAsLong();
        return new Reads(() -> Duration.ofNanos(Math.max(0, limit.toNanos() - (nanoTime.getAsLong() - sinceNanos))));
    }

    /** Reads of one or many logs. */
    final class Reads {
        private final Supplier<Duration> left;

        private Reads(Supplier<Duration> left) {
            this.left = left;
        }

        /** Returns how long the next read may wait; zero once the time is over. */
        Duration left() {
            return left.get();
        }

        private boolean mayRead() {
            return !left().isZero();
        }

        /** Returns the oldest LSN, the tail, and how far the log is flushed; empty if they were not read in time. */
        Optional<Positions> positions(PChannel pchannel) {
            return positions.get(pchannel, mayRead());
        }

        /** Returns the holder of the log; empty if there is none, or it was not read in time. */
        Optional<LogHolder> holder(PChannel pchannel) {
            return holders.get(pchannel, mayRead()).flatMap(holder -> holder);
        }
    }

    /** Forgets a log whose topic is gone. */
    void forget(PChannel pchannel) {
        positions.values.remove(pchannel);
        holders.values.remove(pchannel);
    }

    /** One kind of fact, for each log; has at most one entry per pchannel. */
    private static final class Kept<T> {
        private final Function<PChannel, T> source;
        private final LongSupplier nanoTime;
        private final Map<PChannel, Seen<T>> values = new ConcurrentHashMap<>();

        Kept(Function<PChannel, T> source, LongSupplier nanoTime) {
            this.source = source;
            this.nanoTime = nanoTime;
        }

        Optional<T> get(PChannel pchannel, boolean mayRead) {
            var seen = values.get(pchannel);
            if (mayRead && (seen == null || !isFresh(seen))) {
                return Optional.of(read(pchannel));
            }
            return Optional.ofNullable(seen).map(Seen::value);
        }

        private boolean isFresh(Seen<T> seen) {
            return nanoTime.getAsLong() - seen.atNanos() < FRESH.toNanos();
        }

        private T read(PChannel pchannel) {
            var value = source.apply(pchannel);
            values.put(pchannel, new Seen<>(value, nanoTime.getAsLong()));
            return value;
        }
    }

    private record Seen<T>(T value, long atNanos) {}
}
