package io.seawall.flusher.history;

import io.seawall.flusher.store.SegmentStore;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.PChannel;
import io.seawall.wal.RequestException;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Opens readers that read a log from segments and Kafka as one: from Kafka as far as Kafka has the records, else from segments.
 * Where the two meet no record is skipped or returned twice, whatever is flushed and trimmed meanwhile. Segments of another
 * incarnation of a log are rejected, never joined to it. A reader asks the store only when it needs a segment. Thread-safe;
 * every call may block.
 */
public final class TieredReaders implements WalReaders {
    private final WalReaders kafka;
    private final SegmentReads history;
    private final TieredReader.Shared shared;
    private final Set<TieredReader> open = ConcurrentHashMap.newKeySet();
    /** One entry for each log of which older records were read: saves an opening in Kafka that would fail. */
    private final Map<PChannel, Trim> trims = new ConcurrentHashMap<>();

    /**
     * Where Kafka's part of a log began when it was last seen.
     *
     * @param logId the incarnation of the log
     * @param oldest the oldest LSN, which only rises
     */
    private record Trim(String logId, long oldest) {}

    /**
     * Creates the readers.
     *
     * @param kafka reads from Kafka; the caller closes it
     * @param store where the segments are; the caller closes it
     * @param settings how to read segments
     * @param nanoTime a clock that never jumps, in nanoseconds, for waits: {@code System::nanoTime}
     */
    public TieredReaders(WalReaders kafka, SegmentStore store, SegmentReadSettings settings, LongSupplier nanoTime) {
        this.kafka = kafka;
        this.history = new SegmentReads(store, settings, nanoTime);
        this.shared = new TieredReader.Shared(kafka, history, open::remove);
    }

    /**
     * Opens a reader. The oldest record, and the first one at or after a moment, are those of segments and Kafka together.
     *
     * @throws io.seawall.wal.RequestException as {@link WalReaders#open}; {@code oldest} is the oldest LSN that can be read
     *     anywhere
     * @throws io.seawall.wal.OperatorException with {@link ErrorCode#DATA_LOSS} if the segments that are needed are damaged or
     *     missing, {@link ErrorCode#INTERNAL} if they are of another incarnation of the log
     * @throws io.seawall.wal.RetryableException if Kafka, or a store that is needed, does not answer
     */
    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        if (from instanceof StartPosition.AtLsn at) {
            return atLsn(pchannel, at.lsn(), view);
        }
        if (from instanceof StartPosition.Oldest) {
            return atOldest(pchannel, view);
        }
        if (from instanceof StartPosition.AtTime at) {
            return atTime(pchannel, at, view);
        }
        return inKafka(pchannel, view, kafka.open(pchannel, from, view));
    }

    private WalReader atLsn(PChannel pchannel, long lsn, View view) {
        var before = trims.get(pchannel);
        if (before != null && lsn < before.oldest() && before.logId().equals(kafka.logId(pchannel))) {
            var reader = opened(TieredReader.undecided(shared, pchannel, view, lsn));
            reader.onKafkaOldest(before.oldest());
            try {
                return prepared(reader);
            } catch (WalException unexpected) {
                // Kafka decides, and provides the numbers for the error.
                trims.remove(pchannel, before);
            }
        }
        return whereItIs(pchannel, lsn, view);
    }

    private WalReader whereItIs(PChannel pchannel, long lsn, View view) {
        try {
            return inKafka(pchannel, view, kafka.open(pchannel, StartPosition.atLsn(lsn), view));
        } catch (RequestException outside) {
            if (outside.code() == ErrorCode.BEYOND_TAIL) {
                throw withOldest(pchannel, outside);
            }
            if (outside.code() != ErrorCode.TRIMMED) {
                throw outside;
            }
            var reader = opened(TieredReader.undecided(shared, pchannel, view, lsn));
            reader.onTrimmed(outside);
            var ready = prepared(reader);
            trims.put(
                    pchannel,
                    new Trim(kafka.logId(pchannel), outside.problem().numbers().getOrDefault("oldest", 0L)));
            return ready;
        }
    }

    /** Returns a reader of segments after looking up its first segment, so that opening fails if it cannot be read. */
    private WalReader prepared(TieredReader reader) {
        try {
            reader.prepare();
            return reader;
        } catch (RuntimeException error) {
            reader.close();
            throw error;
        }
    }

    /** Opens at the oldest record; if that is trimmed meanwhile, at the one that is the oldest then. */
    private WalReader atOldest(PChannel pchannel, View view) {
        for (var attempt = 1; ; attempt++) {
            try {
                return atPresentOldest(pchannel, view);
            } catch (RequestException gone) {
                if (gone.code() != ErrorCode.TRIMMED || attempt == SegmentReads.ATTEMPTS) {
                    throw gone;
                }
            }
        }
    }

    private WalReader atPresentOldest(PChannel pchannel, View view) {
        var kafkas = kafka.bounds(pchannel, View.COMMITTED).oldest();
        var oldest = kafkas == 0 ? 0 : history.oldest(pchannel, kafkas, kafka.logId(pchannel));
        if (oldest < kafkas) {
            return atLsn(pchannel, oldest, view);
        }
        var reader = kafka.open(pchannel, StartPosition.oldest(), view);
        if (reader.nextLsn() <= oldest) {
            return inKafka(pchannel, view, reader);
        }
        // The record was trimmed meanwhile.
        reader.close();
        return atLsn(pchannel, oldest, view);
    }

    private WalReader atTime(PChannel pchannel, StartPosition.AtTime at, View view) {
        var reader = kafka.open(pchannel, at, view);
        try {
            // Ask after the opening: with a trim in between, Kafka's first record could be taken for one from the
            // middle.
            var kafkas = kafka.bounds(pchannel, View.COMMITTED).oldest();
            var next = reader.nextLsn();
            if (next > kafkas || kafkas == 0) {
                return inKafka(pchannel, view, reader);
            }
            var found = history.atTime(pchannel, kafka.logId(pchannel), kafkas, at.epochMs());
            if (found.isEmpty() || found.getAsLong() >= next) {
                return inKafka(pchannel, view, reader);
            }
            reader.close();
            return atLsn(pchannel, found.getAsLong(), view);
        } catch (RuntimeException error) {
            reader.close();
            throw error;
        }
    }

    private RequestException withOldest(PChannel pchannel, RequestException outside) {
        var kafkas = outside.problem().numbers().getOrDefault("oldest", 0L);
        return TieredReadErrors.withOldest(outside, oldest(pchannel, kafkas));
    }

    private WalReader inKafka(PChannel pchannel, View view, WalReader reader) {
        return opened(TieredReader.inKafka(shared, pchannel, view, reader));
    }

    private TieredReader opened(TieredReader reader) {
        open.add(reader);
        return reader;
    }

    /**
     * Returns the bounds of a log in Kafka and in segments. A store that is slow or does not answer is not an error: then the
     * oldest LSN is the one known before, or else Kafka's.
     *
     * @return {@code oldest} is the first LSN from which everything up to the tail can be read. Until all headers of a log with
     *     many segments were read, it is the first segment's
     */
    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        var bounds = kafka.bounds(pchannel, view);
        return new LogBounds(oldest(pchannel, bounds.oldest()), bounds.tail());
    }

    private long oldest(PChannel pchannel, long kafkas) {
        return history.oldestKnown(
                pchannel,
                kafkas,
                () -> kafka.logId(pchannel),
                history.settings().boundsTimeout());
    }

    /**
     * Returns the oldest LSN that can be read, for callers that know where Kafka begins. Never fails, and asks the store only
     * if the known bounds do not reach that far.
     *
     * @param pchannel the log
     * @param logId its incarnation
     * @param kafkas the oldest LSN that Kafka has
     * @param wait how long to wait for the store, which may be zero; a later answer is used the next time
     * @return the same LSN, or an older one
     */
    public long oldest(PChannel pchannel, String logId, long kafkas, Duration wait) {
        return history.oldestKnown(pchannel, kafkas, () -> logId, wait);
    }

    @Override
    public String logId(PChannel pchannel) {
        return kafka.logId(pchannel);
    }

    /** Returns the counters of segment reads. Does not block. */
    public SegmentReadStats stats() {
        return history.stats();
    }

    /** Closes every reader that is still open, and the threads that read segments. */
    @Override
    public void close() {
        new ArrayList<>(open).forEach(TieredReader::close);
        history.close();
    }
}
