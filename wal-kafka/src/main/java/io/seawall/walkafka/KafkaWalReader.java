package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalReader;
import io.seawall.walkafka.port.OffsetGoneException;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Reads one log, from a consumer of its own or, at the tail, from one that it shares. */
final class KafkaWalReader implements WalReader {
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);
    private final PChannel pchannel;
    private final Feeds feeds;
    private final Deque<LogRecord> ready = new ArrayDeque<>();
    private Feed feed; // changed under the lock by the reading thread, closed under it by any
    private boolean closed; // guarded by this
    private long next; // the LSN behind everything that was taken
    private long skipBelow; // records below this LSN are read but not given

    /** What a reader needs of whoever opened it. */
    interface Feeds {
        /** Clocks. */
        Time time();

        /** A consumer of its own. */
        Feed own(LogPoint from);

        /** What to go on with after everything that is there was read: the same feed, or a shared one in its place. */
        Feed shared(Feed feed);

        /**
         * Where to go on when the next record is not where it was.
         *
         * @throws io.seawall.wal.WalException saying what became of it, if it is gone
         */
        LogPoint again(OffsetGoneException gone, long nextLsn);

        /** Told what each take brought, unless it failed. */
        void took(Chunk chunk);

        /** Told when the reader is closed. */
        void closed(KafkaWalReader reader);
    }

    /**
     * A reader.
     *
     * @param feed where its records come from; closed by the reader
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
    public List<LogRecord> poll(int maxRecords, Duration wait) {
        var deadline = feeds.time().deadline(wait);
        while (ready.isEmpty()) {
            takeAgain(wait);
            if (deadline.isPast()) {
                break;
            }
        }
        var records = new ArrayList<LogRecord>(Math.min(maxRecords, ready.size()));
        while (records.size() < maxRecords && !ready.isEmpty()) {
            records.add(ready.remove());
        }
        return records;
    }

    /** The LSN behind everything that was read, whether it was given or not. */
    long next() {
        return next;
    }

    /** Makes the reader begin at an LSN, which is not below what it reads next. */
    void startAt(long lsn) {
        skipBelow = lsn;
    }

    /**
     * Reads on to an offset, or until it is enough; what it passes is kept for {@link #poll} unless it is to be skipped.
     *
     * @throws OffsetGoneException if a trim, or a change of leaders, takes away what was to be read past: where to begin is to be
     *     looked for again
     */
    void readUntil(long end, BooleanSupplier enough) {
        var deadline = feeds.time().deadline(LONGEST_LOOK);
        while (!feed.isAt(end) && !enough.getAsBoolean()) {
            if (deadline.isPast()) {
                throw LogFollower.late(pchannel, feed.here().offset(), end);
            }
            take(LogFollower.CATCH_UP_FETCH);
        }
    }

    /** Makes the reader give only what comes behind an offset. */
    void skipTo(long end) {
        readUntil(end, () -> {
            ready.clear();
            return false;
        });
        skipToHere();
    }

    /** Makes the reader give the first record that is wanted and what follows; what comes behind an offset if none is. */
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

    private void takeAgain(Duration wait) {
        try {
            take(wait);
        } catch (OffsetGoneException gone) {
            skipBelow = nextLsn(); // it may begin further back
            replace(feeds.own(feeds.again(gone, skipBelow)));
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
        for (var record : chunk.records()) { // no stream: it would cost more than what it does
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
