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
 * One partition in memory with Kafka's rules as far as this module relies on them: transactions end with a marker that takes an
 * offset, the last stable offset stops at the first open transaction, and initializing a lane aborts what its former user left
 * open and refuses that user from then on. For one thread.
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

    /** A record, or the marker of a transaction's end. */
    private record Slot(@Nullable Stored stored, Transaction transaction) {}

    public FakePartition(ManualTime time) {
        this.time = time;
    }

    /** A new producer of a lane, not initialized yet. */
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

    /** Ends a transaction. One that holds nothing leaves no marker: Kafka's client does not even tell the broker. */
    public void end(Transaction transaction, boolean commit) {
        transaction.outcome = commit ? Transaction.Outcome.COMMITTED : Transaction.Outcome.ABORTED;
        if (transaction.used) {
            slots.add(new Slot(null, transaction));
        }
    }

    /**
     * Writes records by their headers in one committed transaction; the value is the header's text, of a snapshot an empty object. A record of a writer session
     * has it behind the header, as in {@code 6.0/1 by w/0}.
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

    /** The partition loses its end, as after an unclean election. */
    public void loseFrom(long offset) {
        slots.subList((int) offset, slots.size()).clear();
    }

    /** Readers see what a deposed leader has, whose log ends at an offset; {@link #showAll} ends that. */
    public void showBelow(long offset) {
        shownBelow = offset;
    }

    public void showAll() {
        shownBelow = Long.MAX_VALUE;
    }

    private long shownEnd() {
        return Math.min(shownBelow, slots.size());
    }

    /** Runs once during the next fetch of any cursor, after it has read. */
    public void nextFetch(Runnable event) {
        nextFetch = event;
    }

    /** How many cursors are open now. */
    public int openCursors() {
        return openCursors;
    }

    /** How many fetches there were in all. */
    public int fetches() {
        return fetches;
    }

    /** As the port does it. */
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

    /** The headers of every record, whatever became of it. */
    public List<String> live() {
        return headers(Isolation.UNCOMMITTED);
    }

    /** The headers of the committed records. */
    public List<String> committed() {
        return headers(Isolation.COMMITTED);
    }

    /** The entries of a view. */
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

    /** A cursor that answers at once; waiting for what is not there moves the clock. */
    public FakeCursor cursor(Isolation isolation) {
        openCursors++;
        return new FakeCursor(isolation);
    }

    /** Reads the fake. */
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

        /** Gives only a few records at a time. */
        public FakeCursor inSteps(int records) {
            most = records;
            return this;
        }

        /** Says that there is something, and never gives it; each fetch takes all its time. */
        public FakeCursor stuck() {
            stuck = true;
            return this;
        }

        /** Each fetch that finds something takes so long. */
        public FakeCursor slow(long ms) {
            fetchMs = ms;
            return this;
        }

        /** Gives what there is again. */
        public FakeCursor unstuck() {
            stuck = false;
            return this;
        }

        /** Has the next fetch asked of a deposed leader, who does not have that offset. */
        public void mislead() {
            misled = true;
        }

        /** Something that happens right after each question for the range. */
        public FakeCursor afterRange(Runnable event) {
            afterRange = event;
            return this;
        }

        /** Something that happens at the end of each fetch. */
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
