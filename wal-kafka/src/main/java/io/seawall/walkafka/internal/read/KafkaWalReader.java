package io.seawall.walkafka.internal.read;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.Problem;
import io.seawall.wal.WalReader;
import io.seawall.walkafka.internal.format.LogPoint;
import io.seawall.walkafka.port.OffsetGoneException;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Reads one log: at its tail from a consumer that it shares with other readers, elsewhere from a consumer of its own. */
final class KafkaWalReader implements WalReader {
    private static final Duration LONGEST_READ = Duration.ofSeconds(30);
    private final PChannel pchannel;
    private final Feeds feeds;
    private final Deque<LogRecord> ready = new ArrayDeque<>();
    private Feed feed; // guarded by this for writes; only the reading thread writes it
    private boolean closed; // guarded by this
    private long next; // the LSN after the last record that was taken
    private long skipBelow; // records below this LSN are read but not returned

    /** What a reader needs from the object that opened it. */
    interface Feeds {
        /** Returns the clock. */
        Time time();

        /** Opens a feed with a consumer of its own. */
        Feed own(LogPoint from);

        /** Returns the feed to continue with at the tail: the given one, or a shared one that replaces it. */
        Feed shared(Feed feed);

        /**
         * Finds where to continue when the next record is no longer at its old offset.
         *
         * @throws io.seawall.wal.WalException if the record is gone; its message states why
         */
        LogPoint findAgain(OffsetGoneException gone, long nextLsn);

        /** Called with the result of each successful take. */
        void took(Chunk chunk);

        /** Called when the reader is closed. */
        void closed(KafkaWalReader reader);
    }

    /**
     * Creates a reader.
     *
     * @param feed the source of its records; the reader closes it
     */
    KafkaWalReader(PChannel pchannel, Feed feed, Feeds feeds) {
        this.pchannel = pchannel;
        this.feed = feed;
        this.feeds = feeds;
        this.next = feed.here().next();
        this.skipBelow = next;
    }

    @Override
    public PChannel pchannel() {
        return pchannel;
    }

    @Override
    public long nextLsn() {
        var first = ready.peek();
        return first == null ? Math.max(skipBelow, next) : first.lsn();
    }

    @Override
    public List<LogRecord> poll(PollLimits limits, Duration wait) {
        var deadline = feeds.time().deadline(wait);
        while (ready.isEmpty()) {
            takeOrFindAgain(wait);
            if (deadline.isPast()) {
                break;
            }
        }
        return takeReady(limits);
    }

    private List<LogRecord> takeReady(PollLimits limits) {
        var records = new ArrayList<LogRecord>(Math.min(limits.maxRecords(), ready.size()));
        var bytes = 0L;
        for (var first = ready.peek(); first != null; first = ready.peek()) {
            var size = first.data().sizeBytes();
            if (!limits.admit(records.size(), bytes, size)) {
                break;
            }
            records.add(ready.remove());
            bytes += size;
        }
        return records;
    }

    /** Returns the LSN after the last record that was read, whether it was returned or not. */
    long next() {
        return next;
    }

    /** Makes the reader start at an LSN, which must not be below the next one that it reads. */
    void startAt(long lsn) {
        skipBelow = lsn;
    }

    /**
     * Reads up to an offset, or until {@code enough} returns true. Keeps the records for {@link #poll}, unless they are to be
     * skipped.
     *
     * @throws OffsetGoneException if a trim or a change of leaders removed the next offset; the caller then searches for its
     *     start again
     */
    void readUntil(long end, BooleanSupplier enough) {
        var deadline = feeds.time().deadline(LONGEST_READ);
        while (!feed.isAt(end) && !enough.getAsBoolean()) {
            if (deadline.isPast()) {
                throw LogFollower.late(pchannel, feed.here().offset(), end);
            }
            take(LogFollower.CATCH_UP_FETCH);
        }
    }

    /** Skips all records below an offset. */
    void skipTo(long end) {
        readUntil(end, () -> {
            ready.clear();
            return false;
        });
        skipToHere();
    }

    /** Skips the records before the first wanted one. If no record below {@code end} is wanted, skips all of them. */
    void skipTo(long end, Predicate<LogRecord> wanted) {
        BooleanSupplier found = () -> {
            while (!ready.isEmpty() && !wanted.test(ready.element())) {
                ready.remove();
            }
            return !ready.isEmpty();
        };
        readUntil(end, found);
        if (!found.getAsBoolean()) {
            skipToHere();
        }
    }

    private void skipToHere() {
        ready.clear();
        skipBelow = next;
    }

    private void takeOrFindAgain(Duration wait) {
        try {
            take(wait);
        } catch (OffsetGoneException gone) {
            skipBelow = nextLsn(); // the new feed may start further back
            replace(feeds.own(feeds.findAgain(gone, skipBelow)));
        }
    }

    private void take(Duration wait) {
        var chunk = feed.take(wait);
        if (chunk == null) {
            replace(feeds.own(feed.here()));
            return;
        }
        feeds.took(chunk);
        next = chunk.after().next();
        for (var record : chunk.records()) { // a stream would cost more than the work itself
            if (record.lsn() >= skipBelow) {
                ready.add(record);
            }
        }
        if (chunk.isEmpty()) {
            use(feeds.shared(feed));
        }
    }

    private void replace(Feed by) {
        var before = feed;
        use(by);
        before.close();
    }

    private synchronized void use(Feed other) {
        feed = other;
        if (closed) {
            other.close();
            throw Problem.of(ErrorCode.SHUTTING_DOWN, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("a closed reader")
                    .exception();
        }
    }

    @Override
    public void close() {
        Feed last;
        synchronized (this) {
            closed = true;
            last = feed;
        }
        feeds.closed(this);
        last.close();
    }
}
