package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import io.seawall.walkafka.LiveRule.Action;
import io.seawall.walkafka.LiveRule.Position;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.OffsetGoneException;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows one log with the rule of the live view. Its cursor runs on the caller's thread. */
final class KafkaWalReader implements WalReader {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWalReader.class);

    /** The longest single fetch: a longer wait is made of several. A shorter one may end before Kafka's first answer. */
    private static final long QUIET_LOOK_MS = 10_000;

    private static final Duration ONE_FETCH = Duration.ofMillis(500);

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);

    /** While records are held behind a hole: after so many fetches at the latest, look whether they are committed. */
    private static final int FETCHES_BETWEEN_LOOKS = 16;

    private final PChannel pchannel;
    private final View view;
    private final LogCursor cursor;
    private final Checks checks;
    private final Deque<LogRecord> ready = new ArrayDeque<>();
    private final List<LogRecord> partial = new ArrayList<>();

    private long offset; // where to fetch next
    private Position position;
    private long skipBelow; // records below this LSN are read but not given
    private @Nullable LogEntry held; // the first record behind a hole
    private LiveRule.@Nullable Step holding;
    private int fetchesHeld;
    private @Nullable WalException loss; // what ends this reader, once everything before it was given
    private boolean foreignSeen;
    private boolean voidSeen;
    private long lastLookMs; // when there was a record, or the topic was looked at

    /** What a reader needs of whoever opened it, mostly when something looks odd. */
    interface Checks {
        /** Clocks. */
        Time time();

        /** Told when the reader is closed. */
        void closed(KafkaWalReader reader);

        /** Whether the record at an offset is committed; false as long as it is not known. */
        boolean isCommitted(long offset);

        /** Fails with a typed error if the topic is no longer the one that was opened. */
        void sameTopic();

        /** Fails with what became of an offset that is gone. */
        RuntimeException gone(OffsetGoneException gone, long nextLsn);
    }

    /**
     * Where a reader starts.
     *
     * @param offset of a committed data or snapshot record, or right behind one, or the log's start
     * @param position the rule's position before that record
     * @param skipBelow the first LSN to give
     */
    record Start(long offset, Position position, long skipBelow) {}

    KafkaWalReader(PChannel pchannel, View view, LogCursor cursor, Start start, Checks checks) {
        this.pchannel = pchannel;
        this.view = view;
        this.cursor = cursor;
        this.checks = checks;
        this.offset = start.offset();
        this.position = start.position();
        this.skipBelow = start.skipBelow();
        this.lastLookMs = checks.time().elapsedMs();
    }

    @Override
    public PChannel pchannel() {
        return pchannel;
    }

    @Override
    public long nextLsn() {
        var first = ready.peek();
        return first == null ? Math.max(skipBelow, position.next()) : first.lsn();
    }

    @Override
    public List<LogRecord> poll(int maxRecords, Duration wait) {
        var oneFetch = wait.compareTo(ONE_FETCH) < 0 ? wait : ONE_FETCH;
        var deadline = checks.time().deadline(wait);
        while (ready.isEmpty()) {
            fetch(oneFetch);
            if (deadline.isPast()) {
                break;
            }
        }
        if (ready.isEmpty() && wait.compareTo(ONE_FETCH) < 0) {
            readUntil(Futures.joined(cursor.range()).end(), () -> !ready.isEmpty());
        }
        var records = new ArrayList<LogRecord>(Math.min(maxRecords, ready.size()));
        while (records.size() < maxRecords && !ready.isEmpty()) {
            records.add(ready.remove());
        }
        return records;
    }

    /** Reads on to an offset; what it passes is kept for {@link #poll} unless it is below the first LSN to give. */
    void readTo(long end) {
        readUntil(end, () -> false);
    }

    private void readUntil(long end, BooleanSupplier enough) {
        var deadline = checks.time().deadline(LONGEST_LOOK);
        while (offset < end && !enough.getAsBoolean()) {
            if (deadline.isPast()) {
                throw Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                        .pchannel(pchannel)
                        .found("offset " + offset + " after " + LONGEST_LOOK)
                        .expected("to get to offset " + end)
                        .fix("see whether Kafka's brokers answer, then try again")
                        .exception();
            }
            fetch(Duration.ofMillis(100));
        }
    }

    /** Makes the reader give only what comes from here on. */
    void skipToHere() {
        ready.clear();
        skipBelow = position.next();
    }

    /** Where the rule stands: behind everything that was read, whether it was given or not. */
    Position position() {
        return position;
    }

    private void fetch(Duration wait) {
        throwLossOnceAllIsGiven();
        LogCursor.Fetched fetched;
        try {
            fetched = Futures.joined(cursor.fetch(offset, wait));
        } catch (OffsetGoneException gone) {
            throw checks.gone(gone, position.next());
        }
        // One by one: where a step fails for the moment, the next fetch goes on with the same record.
        for (var stored : fetched.records()) {
            var entry = LogEntry.of(stored);
            take(entry);
            if (loss != null) {
                throwLossOnceAllIsGiven();
                return;
            }
            offset = entry.offset() + 1;
        }
        offset = fetched.next();
        lookAtHeld(fetched.records().isEmpty());
        lookAtTopic(fetched.records().isEmpty());
    }

    /** A consumer of a topic that was deleted is told nothing, it just gets nothing: so a quiet reader asks now and then. */
    private void lookAtTopic(boolean quiet) {
        var nowMs = checks.time().elapsedMs();
        if (!quiet) {
            lastLookMs = nowMs;
        } else if (nowMs - lastLookMs >= QUIET_LOOK_MS) {
            lastLookMs = nowMs;
            checks.sameTopic();
        }
    }

    private void throwLossOnceAllIsGiven() {
        if (loss != null && ready.isEmpty()) {
            throw loss;
        }
    }

    private void lookAtHeld(boolean atEnd) {
        if (held == null || holding == null) {
            return;
        }
        fetchesHeld++;
        if ((atEnd || fetchesHeld % FETCHES_BETWEEN_LOOKS == 0) && checks.isCommitted(held.offset())) {
            loss = Losses.found(pchannel, holding, held);
            throwLossOnceAllIsGiven();
        }
    }

    private void take(LogEntry entry) {
        if (entry.header() == null) {
            noteForeign(entry);
            return;
        }
        var step = LiveRule.next(position, entry.header());
        var raised = step.position().highest().isAbove(position.highest());
        position = step.position();
        if (raised) {
            held = null;
        }
        if (position.buffered() == 0 && step.action() != Action.DELIVER) {
            partial.clear();
        }
        switch (step.action()) {
            case PASS, COPY -> {}
            case BUFFER -> partial.add(toRecord(entry));
            case DELIVER -> {
                partial.add(toRecord(entry));
                deliverPartial();
            }
            case VOID -> noteVoid(entry);
            case HOLD -> hold(entry, step);
            case LOST_AND_REUSED, LOST_BEFORE, BROKEN_BATCH -> loss = Losses.found(pchannel, step, entry);
        }
    }

    private void deliverPartial() {
        for (var record : partial) { // no stream: most batches are one record, and a stream would cost more than it
            if (record.lsn() >= skipBelow) {
                ready.add(record);
            }
        }
        partial.clear();
    }

    private void hold(LogEntry entry, LiveRule.Step step) {
        if (view == View.COMMITTED) {
            loss = Losses.found(pchannel, step, entry);
        } else if (held == null) {
            held = entry;
            holding = step;
        }
    }

    private void noteVoid(LogEntry entry) {
        if (!voidSeen) {
            checks.sameTopic();
            voidSeen = true;
            LOG.atInfo()
                    .setMessage("records of an owner that had lost the log are passed over")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("offset", entry.offset())
                    .log();
        }
    }

    private void noteForeign(LogEntry entry) {
        if (!foreignSeen) {
            foreignSeen = true;
            LOG.atWarn()
                    .setMessage("records that Seawall did not write are passed over")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("offset", entry.offset())
                    .log();
        }
    }

    private static LogRecord toRecord(LogEntry entry) {
        if (entry.header() instanceof WalHeader.Data data) {
            return entry.toLogRecord(data);
        }
        throw new IllegalStateException("only data has an LSN of its own");
    }

    @Override
    public void close() {
        checks.closed(this);
        cursor.close();
    }

    /** Says that an LSN is not in the log. */
    static RuntimeException outside(ErrorCode code, PChannel pchannel, long lsn, long oldest, long tail) {
        return Problem.of(code, "read " + pchannel + " from LSN " + lsn)
                .pchannel(pchannel)
                .with("oldest", oldest)
                .with("tail", tail)
                .found("LSN " + lsn)
                .expected("an LSN from " + oldest + " to " + tail)
                .exception();
    }
}
