package io.seawall.walkafka.internal.read;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.Formats;
import io.seawall.walkafka.internal.format.LiveRule;
import io.seawall.walkafka.internal.format.LiveRule.Action;
import io.seawall.walkafka.internal.format.LiveRule.Position;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.LogPoint;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.scan.DataLossErrors;
import io.seawall.walkafka.internal.scan.ScanDeadline;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows one log by the live rule, with a cursor of its own that runs on the caller's thread. */
final class LogFollower implements Feed {
    /** How long one fetch waits while records are known to be there. */
    static final Duration CATCH_UP_FETCH = Duration.ofMillis(100);

    private static final long CHECK_INTERVAL_MS = 10_000;

    /** While records are held behind a hole: how many fetches at most before the next check whether they are committed. */
    private static final int FETCHES_BETWEEN_CHECKS = 16;

    private final PChannel pchannel;
    private final View view;
    private final LogCursor cursor;
    private final Checks checks;
    private final List<LogRecord> partial = new ArrayList<>();

    private long offset; // the next one to fetch
    private Position position;
    private LogPoint delivered; // after the last record that was returned
    private @Nullable Held held; // the first record behind a hole
    private int fetchesHeld;
    private boolean suspicious; // whether this fetch may have records that the owner of their stamp did not write
    private Stamp passedOver = Stamp.NONE; // the stamp whose forged records are skipped
    private @Nullable WalException loss; // the error that ends this feed, once all records before it were returned
    private boolean voidSeen;
    private Stamp unclaimed = Stamp.NONE; // the last stamp without a claim
    private long claimSearchedMs; // when the claim of that stamp was searched for
    private long topicCheckedMs; // when a fetch last had a record, or the topic was last checked

    /**
     * A record behind a hole.
     *
     * @param entry the record
     * @param step the step of the rule for it
     * @param before the position of the rule before it
     */
    private record Held(LogEntry entry, LiveRule.Step step, Position before) {}

    /** Answers a follower's questions about its log, and tells the log's owner of records that another program wrote. May block. */
    interface Checks {
        /** Returns the clock. */
        Time time();

        /** Returns the counters of skipped records. */
        SkippedRecordCounters counts();

        /** Returns whether the record at an offset is committed; false if that is not decided yet. */
        boolean isCommitted(long offset);

        /** Returns whether an owner in this process certainly did not write a record that carries its stamp. */
        boolean disowns(LogEntry entry);

        /** Returns whether an owner of a higher stamp has opened the log, and so decided which records of this stamp count. */
        boolean isSuperseded(Stamp stamp);

        /** Returns whether the claim of a stamp is committed below an offset. */
        boolean isClaimedBefore(Stamp stamp, long offset);

        /** Tells the log's owner that a numbered record of another program was skipped, if the owner is in this process. */
        void passedOver(LogEntry entry);

        /**
         * Tells the owner of a record's stamp that another program wrote this record, or an earlier one with this stamp. Returns
         * false if the owner is not in this process.
         */
        boolean forged(LogEntry entry, WalException found);

        /**
         * Checks that the topic is still the one that was opened.
         *
         * @throws WalException if it is not
         */
        void sameTopic();
    }

    LogFollower(PChannel pchannel, View view, LogCursor cursor, LogPoint start, Checks checks) {
        this.pchannel = pchannel;
        this.view = view;
        this.cursor = cursor;
        this.checks = checks;
        this.offset = start.offset();
        this.position = start.position();
        this.delivered = start;
        this.topicCheckedMs = checks.time().elapsedMs();
    }

    @Override
    public LogPoint here() {
        return delivered;
    }

    @Override
    public boolean isAt(long end) {
        return offset >= end;
    }

    /** Returns the offset that it fetches next. */
    long offset() {
        return offset;
    }

    @Override
    public Chunk take(Duration wait) {
        var chunk = fetch(wait.compareTo(LogCursor.LONGEST_WAIT) < 0 ? wait : LogCursor.LONGEST_WAIT);
        // Kafka's consumer may return nothing from a short poll although there are records.
        return chunk.isEmpty() && wait.compareTo(LogCursor.LONGEST_WAIT) < 0 ? takeVisible() : chunk;
    }

    private Chunk takeVisible() {
        var end = Futures.joined(cursor.range()).end();
        var deadline = checks.time().deadline(ScanDeadline.USUAL);
        var chunk = Chunk.empty(delivered);
        while (chunk.isEmpty() && !isAt(end)) {
            if (deadline.isPast()) {
                throw late(pchannel, offset, end);
            }
            chunk = fetch(CATCH_UP_FETCH);
        }
        return chunk;
    }

    /** Returns the error of a read that did not reach the log's end within {@link ScanDeadline#USUAL}. */
    static WalException late(PChannel pchannel, long offset, long end) {
        return Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                .pchannel(pchannel)
                .found("offset " + offset + " after " + ScanDeadline.USUAL)
                .expected("to get to offset " + end)
                .fix("see whether Kafka's brokers answer, then try again")
                .exception();
    }

    private Chunk fetch(Duration wait) {
        if (loss != null) {
            throw loss;
        }
        var fetched = Futures.joined(cursor.fetch(offset, wait));
        var records = new ArrayList<LogRecord>();
        try {
            feed(fetched, records);
        } catch (WalException again) {
            // Returns the records before it first. The next fetch
            // begins with the same record and fails in the same way.
            if (records.isEmpty()) {
                throw again;
            }
        }
        if (loss != null && records.isEmpty()) {
            throw loss;
        }
        return new Chunk(List.copyOf(records), delivered);
    }

    private void feed(LogCursor.Fetched fetched, List<LogRecord> records) {
        var entries = fetched.records().stream().map(LogEntry::of).toList();
        suspicious = isSuspicious(entries);
        for (var entry : entries) {
            if (!feed(entry, records) || loss != null) {
                return;
            }
            offset = entry.offset() + 1;
        }
        offset = fetched.next();
        checkHeld(fetched.records().isEmpty());
        checkTopic(fetched.records().isEmpty());
    }

    /**
     * Returns whether to check each record of a fetch against its owner's offsets. If the numbers in a fetch rise, one check of the
     * last record is enough: if the owner has not yet used one of the numbers, it has not used the last one either.
     */
    private boolean isSuspicious(List<LogEntry> entries) {
        var next = 0L;
        LogEntry last = null;
        for (var entry : entries) {
            if (entry.lsn() >= 0 && entry.lsn() < next) {
                return true;
            }
            if (entry.header() instanceof WalHeader.Data) {
                last = entry;
                next = entry.lsn() + 1;
            }
        }
        return last != null && checks.disowns(last);
    }

    /** Returns whether the rule would deliver a record that its owner did not write, and no later owner has decided about it. */
    private boolean isForged(LogEntry entry, LiveRule.Action action) {
        return suspicious
                && (action == Action.DELIVER || action == Action.BUFFER)
                && checks.disowns(entry)
                && !mayPassOver(stampOf(entry));
    }

    /** Checks the topic from time to time while no records come: the consumer of a deleted topic gets no error, only no records. */
    private void checkTopic(boolean quiet) {
        var nowMs = checks.time().elapsedMs();
        if (!quiet) {
            topicCheckedMs = nowMs;
        } else if (nowMs - topicCheckedMs >= CHECK_INTERVAL_MS) {
            topicCheckedMs = nowMs;
            checks.sameTopic();
        }
    }

    private void checkHeld(boolean atEnd) {
        var first = held;
        if (first == null) {
            return;
        }
        fetchesHeld++;
        var isTime = atEnd || fetchesHeld % FETCHES_BETWEEN_CHECKS == 0;
        if (isTime && isUnexplained(first.entry()) && !goBackTo(first)) {
            loss = missingBefore(first.entry(), first.step());
        }
    }

    /**
     * Returns whether a broken lane does not explain the hole before a record: the records behind such a hole are the owner's, and
     * aborted.
     */
    private boolean isUnexplained(LogEntry behind) {
        return checks.disowns(behind) || checks.isCommitted(behind.offset());
    }

    /** Follows the log again from a hole, now without the forged records that made it. Returns false if they may not be skipped. */
    private boolean goBackTo(Held first) {
        if (!mayPassOver(stampOf(first.entry()))) {
            return false;
        }
        held = null;
        offset = first.entry().offset();
        position = first.before();
        return true;
    }

    /**
     * Returns the error for a record behind an unexplained hole: either another program wrote it, or records before it are lost.
     */
    private WalException missingBefore(LogEntry entry, LiveRule.Step step) {
        return checks.disowns(entry) ? forged(entry) : DataLossErrors.found(pchannel, step, entry);
    }

    /**
     * Returns whether forged records of a stamp may be skipped: only if a later owner has opened the log. That owner knew which
     * records count, or it would have refused the log. The rule still checks that it began with the right number.
     */
    private boolean mayPassOver(Stamp stamp) {
        if (!passedOver.equals(stamp) && checks.isSuperseded(stamp)) {
            passedOver = stamp;
        }
        return passedOver.equals(stamp);
    }

    private WalException forged(LogEntry entry) {
        checks.counts().forged(pchannel, entry.offset());
        var found = DataLossErrors.forged("read " + pchannel, pchannel, entry, position.next());
        return checks.forged(entry, found) ? DataLossErrors.ownerRecovers(found) : found;
    }

    private static Stamp stampOf(LogEntry entry) {
        return entry.header() == null ? Stamp.NONE : entry.header().stamp();
    }

    /** Takes a record. Returns false if the next fetch has to begin further back. */
    private boolean feed(LogEntry entry, List<LogRecord> records) {
        if (entry.header() == null) {
            checks.counts().foreign(pchannel, entry.offset());
            return true;
        }
        Formats.check(pchannel, entry);
        var from = passedOver.equals(stampOf(entry)) ? LiveRule.passing(position, entry.header()) : position;
        var step = LiveRule.next(from, entry.header());
        if (step.position().highest().isAbove(position.highest())) {
            if (held != null && isUnexplained(held.entry()) && goBackTo(held)) {
                return false;
            }
            held = null;
        }
        if (isForged(entry, step.action())) {
            loss = forged(entry);
            return true;
        }
        var before = position;
        position = step.position();
        if (position.buffered() == 0 && step.action() != Action.DELIVER) {
            partial.clear();
        }
        switch (step.action()) {
            case PASS, COPY -> {}
            case BUFFER -> partial.add(toRecord(entry));
            case DELIVER -> {
                records.addAll(partial);
                records.add(toRecord(entry));
                partial.clear();
                delivered = new LogPoint(entry.offset() + 1, position);
            }
            case VOID -> noteVoid(entry);
            case FOREIGN -> noteUnclaimed(entry);
            case FORGED -> {
                if (mayPassOver(stampOf(entry))) {
                    checks.counts().forged(pchannel, entry.offset());
                } else {
                    loss = forged(entry);
                }
            }
            case HOLD -> hold(new Held(entry, step, before));
            case LOST_AND_REUSED, LOST_BEFORE, BROKEN_BATCH -> loss = DataLossErrors.found(pchannel, step, entry);
        }
        return true;
    }

    private void hold(Held next) {
        var stamp = stampOf(next.entry());
        if (view == View.COMMITTED && !mayPassOver(stamp)) {
            loss = missingBefore(next.entry(), next.step());
        } else if (view == View.LIVE && held == null && !passedOver.equals(stamp)) {
            held = next;
        }
    }

    /**
     * Takes a record of a stamp whose claim was not seen. Another program may have written it. But such a record also appears if
     * the log lost its end and was written again, or if the topic was created again; so both are checked first.
     */
    private void noteUnclaimed(LogEntry entry) {
        var stamp = stampOf(entry);
        var nowMs = checks.time().elapsedMs();
        if (!stamp.equals(unclaimed) || nowMs - claimSearchedMs >= CHECK_INTERVAL_MS) {
            checks.sameTopic();
            if (checks.isClaimedBefore(stamp, entry.offset())) {
                loss = DataLossErrors.rewritten(pchannel, entry, position.next());
                return;
            }
            unclaimed = stamp;
            claimSearchedMs = nowMs;
        }
        checks.counts().foreign(pchannel, entry.offset());
        checks.passedOver(entry);
    }

    /** Takes a record of a lower stamp. The first one may also be from a topic that was created again, so the topic is checked. */
    private void noteVoid(LogEntry entry) {
        if (!voidSeen) {
            checks.sameTopic();
            voidSeen = true;
        }
        checks.counts().voided(pchannel, entry.offset());
        checks.passedOver(entry);
    }

    private static LogRecord toRecord(LogEntry entry) {
        if (entry.header() instanceof WalHeader.Data data) {
            return entry.toLogRecord(data);
        }
        throw new IllegalStateException("only a data record has an LSN of its own, found " + entry.header());
    }

    @Override
    public void close() {
        cursor.close();
    }
}
