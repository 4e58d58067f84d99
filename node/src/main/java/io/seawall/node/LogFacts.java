package io.seawall.node;

import io.seawall.wal.LogBounds;
import io.seawall.wal.PChannel;
import io.seawall.wal.View;
import io.seawall.wal.WalReaders;
import io.seawall.walkafka.admin.LogHolder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Caches bounds and holders of logs for a moment, so that a console that requests everything each second does not make the
 * node read all logs each second. Thread-safe; a call that finds no fresh value blocks.
 */
final class LogFacts {
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final Kept<LogBounds> bounds;
    private final Kept<Optional<LogHolder>> holders;

    LogFacts(WalReaders readers, Function<PChannel, Optional<LogHolder>> holderOf, LongSupplier nanoTime) {
        this.bounds = new Kept<>(pchannel -> readers.bounds(pchannel, View.LIVE), nanoTime);
        this.holders = new Kept<>(holderOf, nanoTime);
    }

    /** Returns the oldest LSN and the tail, at most {@link #FRESH} old. */
    LogBounds bounds(PChannel pchannel) {
        return bounds.get(pchannel);
    }

    /** Returns the holder of the log, at most {@link #FRESH} old. */
    Optional<LogHolder> holder(PChannel pchannel) {
        return holders.get(pchannel);
    }

    /** Forgets a log whose topic is gone. */
    void forget(PChannel pchannel) {
        bounds.values.remove(pchannel);
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

        T get(PChannel pchannel) {
            var seen = values.get(pchannel);
            if (seen != null && nanoTime.getAsLong() - seen.atNanos() < FRESH.toNanos()) {
                return seen.value();
            }
            var value = source.apply(pchannel);
            values.put(pchannel, new Seen<>(value, nanoTime.getAsLong()));
            return value;
        }
    }

    private record Seen<T>(T value, long atNanos) {}
}
