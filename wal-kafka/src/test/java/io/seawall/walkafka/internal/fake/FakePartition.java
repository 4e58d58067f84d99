package io.seawall.walkafka.internal.fake;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeaderCodec;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.LogCursor.Stored;
import io.seawall.walkafka.port.OffsetGoneException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A partition in memory with the rules of Kafka that this module relies on: a transaction ends with a marker that takes an offset,
 * the last stable offset stops at the first open transaction, and the initialization of a lane aborts the open transaction of its
 * former user and refuses that user from then on. Used by one thread.
 */
public final class FakePartition {
    private final List<Slot> slots = new ArrayList<>(); // the index is the offset
    private final Map<Lane, FakeLane> users = new EnumMap<>(Lane.class);
    private final ManualTime time;
    private long start;
    private long shownBelow = Long.MAX_VALUE;
    private int openCursors;
    private int fetches;
    private Runnable nextFetch = () -> {};

    /** The state of one transaction. */
    public static final class Transaction {
        private enum Outcome {
            OPEN,
            COMMITTED,
            ABORTED
        }

        private Outcome outcome = Outcome.OPEN;
        private boolean used;
    }

    /** A record, or the marker that ends a transaction. */
    private record Slot(@Nullable Stored stored, Transaction transaction) {}

    public FakePartition(ManualTime time) {
        this.time = time;
    }

    /** Returns a new producer of a lane that is not initialized yet. */
    public FakeLane lane(Lane lane) {
        return new FakeLane(this, lane);
    }

    public void initialize(Lane lane, FakeLane user) {
        var former = users.put(lane, user);
        if (former != null) {
            former.abandon();
        }
    }

    boolean isUser(Lane lane, FakeLane candidate) {
        return users.get(lane) == candidate;
    }

    public long append(Transaction transaction, LaneProducer.Outgoing record) {
        transaction.used = true;
        var offset = slots.size();
        var stored = new Stored(offset, record.timestampMs(), record.wal(), record.writer(), record.data());
        slots.add(new Slot(stored, transaction));
        return offset;
    }

    /** Ends a transaction. An empty one leaves no marker, since Kafka's client does not tell the broker of it. */
    public void end(Transaction transaction, boolean commit) {
        transaction.outcome = commit ? Transaction.Outcome.COMMITTED : Transaction.Outcome.ABORTED;
        if (transaction.used) {
            slots.add(new Slot(null, transaction));
        }
    }

    /**
     * Writes records in one committed transaction, given their headers. The value of a record is its header's text, that of a snapshot
     * an empty JSON object. The writer session may follow the header, as in {@code 6.0/1 by w/0}.
     */
    public void committed(String... headers) {
        var transaction = new Transaction();
        write(transaction, headers);
        end(transaction, true);
    }

    /** Writes records by their headers without a transaction, as another program does. */
    public void plain(String... headers) {
        var transaction = new Transaction();
        transaction.outcome = Transaction.Outcome.COMMITTED;
        write(transaction, headers);
    }

    /** Writes records by their headers in one aborted transaction. */
    public void aborted(String... headers) {
        var transaction = new Transaction();
        write(transaction, headers);
        end(transaction, false);
    }

    /** Writes records by their headers in a transaction that stays open. */
    public Transaction open(String... headers) {
        var transaction = new Transaction();
        write(transaction, headers);
        return transaction;
    }

    private void write(Transaction transaction, String... headers) {
        for (var text : headers) {
            transaction.used = true;
            var parts = text.split(" by ", 2);
            var header = parts[0].getBytes(StandardCharsets.US_ASCII);
            var value = parts[0].endsWith(" snapshot") ? "{}".getBytes(StandardCharsets.US_ASCII) : header;
            var writer = parts.length == 1 ? null : parts[1].getBytes(StandardCharsets.US_ASCII);
            var stored = new Stored(slots.size(), time.wallMs(), header, writer, WalRecord.of(value));
            slots.add(new Slot(stored, transaction));
        }
    }

    /** Writes one committed record with a body of its own. */
    public void committed(WalHeader header, String body) {
        var transaction = new Transaction();
        write(transaction, header, body);
        end(transaction, true);
    }

    /** Writes one aborted record with a body of its own. */
    public void aborted(WalHeader header, String body) {
        var transaction = new Transaction();
        write(transaction, header, body);
        end(transaction, false);
    }

    private void write(Transaction transaction, WalHeader header, String body) {
        var record = WalRecord.of(body.getBytes(StandardCharsets.UTF_8));
        append(transaction, WalHeaderCodec.outgoing(header, time.wallMs(), record));
    }

    /** Removes the records from an offset on, as an unclean election does. */
    public void loseFrom(long offset) {
        slots.subList((int) offset, slots.size()).clear();
    }

    /** Shows readers the log of a deposed leader, which ends at an offset, until {@link #showAll}. */
    public void showBelow(long offset) {
        shownBelow = offset;
    }

    public void showAll() {
        shownBelow = Long.MAX_VALUE;
    }

    private long shownEnd() {
        return Math.min(shownBelow, slots.size());
    }

    /** Sets an event that happens once, in the next fetch of any cursor, after it has read. */
    public void nextFetch(Runnable event) {
        nextFetch = event;
    }

    /** Returns how many cursors are open. */
    public int openCursors() {
        return openCursors;
    }

    /** Returns how many fetches all cursors have made. */
    public int fetches() {
        return fetches;
    }

    /** Deletes the records below an offset, as {@link io.seawall.walkafka.port.LogTrimmer} does. */
    public CompletableFuture<Void> trim(long offset) {
        deleteBelow(offset);
        return CompletableFuture.completedFuture(null);
    }

    public void deleteBelow(long offset) {
        start = Math.max(start, offset);
    }

    public long start() {
        return start;
    }

    public long end() {
        return slots.size();
    }

    /** Returns the headers of all records, aborted ones included. */
    public List<String> live() {
        return headers(Isolation.UNCOMMITTED);
    }

    /** Returns the headers of the committed records. */
    public List<String> committed() {
        return headers(Isolation.COMMITTED);
    }

    /** Returns the records of a view. */
    public List<LogEntry> entries(Isolation isolation) {
        return visible(start, isolation, Integer.MAX_VALUE).stream()
                .map(LogEntry::of)
                .toList();
    }

    private List<String> headers(Isolation isolation) {
        return entries(isolation).stream()
                .map(entry ->
                        entry.header() == null ? "foreign" : text(WalHeaderCodec.write(entry.header()), entry.writer()))
                .toList();
    }

    private static String text(byte[] header, byte @Nullable [] writer) {
        var text = new String(header, StandardCharsets.US_ASCII);
        return writer == null ? text : text + " by " + new String(writer, StandardCharsets.US_ASCII);
    }

    long end(Isolation isolation) {
        if (isolation == Isolation.UNCOMMITTED) {
            return shownEnd();
        }
        for (var offset = 0; offset < shownEnd(); offset++) {
            if (slots.get(offset).transaction().outcome == Transaction.Outcome.OPEN) {
                return Math.max(start, offset);
            }
        }
        return shownEnd();
    }

    private List<Stored> visible(long from, Isolation isolation, int most) {
        var records = new ArrayList<Stored>();
        var end = end(isolation);
        for (var offset = (int) from; offset < end && records.size() < most; offset++) {
            var slot = slots.get(offset);
            var hidden =
                    isolation == Isolation.COMMITTED && slot.transaction().outcome != Transaction.Outcome.COMMITTED;
            if (slot.stored() != null && !hidden) {
                records.add(slot.stored());
            }
        }
        return records;
    }

    /** Returns a cursor that answers at once. A fetch that finds no record moves the clock by its wait. */
    public FakeCursor cursor(Isolation isolation) {
        openCursors++;
        return new FakeCursor(isolation);
    }

    /** A cursor of this partition, with knobs for faults. */
    public final class FakeCursor implements LogCursor {
        private final Isolation isolation;
        private int most = Integer.MAX_VALUE;
        private long fetchMs;
        private boolean stuck;
        private boolean misled;
        private Runnable afterRange = () -> {};
        private Runnable afterFetch = () -> {};
        private int closes;
        private int fetches;

        private FakeCursor(Isolation isolation) {
            this.isolation = isolation;
        }

        /** Limits the records of one fetch. */
        public FakeCursor inSteps(int records) {
            most = records;
            return this;
        }

        /** Makes fetches return nothing, although there are records. Each fetch takes its full wait. */
        public FakeCursor stuck() {
            stuck = true;
            return this;
        }

        /** Sets the duration of each fetch that finds records. */
        public FakeCursor slow(long ms) {
            fetchMs = ms;
            return this;
        }

        /** Makes fetches return records again. */
        public FakeCursor unstuck() {
            stuck = false;
            return this;
        }

        /** Sends the next fetch to a deposed leader, which does not have that offset. */
        public void mislead() {
            misled = true;
        }

        /** Sets an event that happens right after each request for the range. */
        public FakeCursor afterRange(Runnable event) {
            afterRange = event;
            return this;
        }

        /** Sets an event that happens at the end of each fetch. */
        public FakeCursor afterFetch(Runnable event) {
            afterFetch = event;
            return this;
        }

        public int closes() {
            return closes;
        }

        public int fetches() {
            return fetches;
        }

        @Override
        public CompletableFuture<Range> range() {
            var range = new Range(start, FakePartition.this.end(isolation));
            afterRange.run();
            return CompletableFuture.completedFuture(range);
        }

        @Override
        public CompletableFuture<Fetched> fetch(long from, Duration wait) {
            fetches++;
            FakePartition.this.fetches++;
            if (closes > 0) {
                return CompletableFuture.failedFuture(Problem.of(ErrorCode.SHUTTING_DOWN, "read")
                        .found("a closed reader")
                        .exception());
            }
            if (stuck) {
                time.advance(wait.toMillis());
                return CompletableFuture.completedFuture(new Fetched(List.of(), from));
            }
            if (misled || from < start || from > shownEnd()) {
                misled = false;
                return CompletableFuture.failedFuture(
                        new OffsetGoneException(from, new IllegalArgumentException("out of range")));
            }
            var records = visible(from, isolation, most);
            var end = FakePartition.this.end(isolation);
            time.advance(from >= end ? wait.toMillis() : fetchMs);
            var event = nextFetch;
            nextFetch = () -> {};
            event.run();
            afterFetch.run();
            var next = records.size() == most ? records.get(most - 1).offset() + 1 : Math.max(from, end);
            return CompletableFuture.completedFuture(new Fetched(records, next));
        }

        @Override
        public CompletableFuture<OptionalLong> offsetAt(long timestampMs) {
            return CompletableFuture.completedFuture(visible(start, isolation, Integer.MAX_VALUE).stream()
                    .filter(record -> record.timestampMs() >= timestampMs)
                    .mapToLong(Stored::offset)
                    .findFirst());
        }

        @Override
        public void close() {
            if (closes++ == 0) {
                openCursors--;
            }
        }
    }
}
