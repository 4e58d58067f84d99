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

/** Follows one log with the rule of the live view, on a cursor of its own that runs on the caller's thread. */
final class LogFollower implements Feed {
    /** Where it is known that there is something. */
    static final Duration CATCH_UP_FETCH = Duration.ofMillis(100);

    private static final long QUIET_LOOK_MS = 10_000;

    /** While records are held behind a hole: after so many fetches at the latest, look whether they are committed. */
    private static final int FETCHES_BETWEEN_LOOKS = 16;

    private final PChannel pchannel;
    private final View view;
    private final LogCursor cursor;
    private final Checks checks;
    private final List<LogRecord> partial = new ArrayList<>();

    private long offset; // where to fetch next
    private Position position;
    private LogPoint delivered; // behind the last record that was given
    private @Nullable Held held; // the first record behind a hole
    private int fetchesHeld;
    private boolean suspects; // whether this fetch has records that its owner may not have written
    private Stamp passed = Stamp.NONE; // the stamp whose forged records are passed over
    private @Nullable WalException loss; // what ends this feed, once everything before it was given
    private boolean voidSeen;
    private Stamp unclaimed = Stamp.NONE; // the last stamp whose claim was looked for and not found
    private long lookedForClaimMs;
    private long lastLookMs; // when there was a record, or the topic was looked at

    /**
     * A record behind a hole.
     *
     * @param entry the record
     * @param step what the rule says of it
     * @param before where the rule stood before it
     */
    private record Held(LogEntry entry, LiveRule.Step step, Position before) {}

    /** What a follower asks the reader that opened it, mostly when something looks odd. */
    interface Checks {
        /** Clocks. */
        Time time();

        /** Counts what is passed over. */
        SkippedRecordCounters counts();

        /** Whether the record at an offset is committed; false as long as it is not known. */
        boolean isCommitted(long offset);

        /** Whether an owner in this process knows that it did not write this record, although it has its stamp. */
        boolean disowns(LogEntry entry);

        /** Whether an owner of a higher stamp has written: it found out before where the log of this one ended. */
        boolean isSuperseded(Stamp stamp);

        /** Whether the claim of a stamp is committed in front of an offset. */
        boolean isClaimedBefore(Stamp stamp, long offset);

        /** Tells the owner that a number of no owner was passed over; nothing if it is not in this process. */
        void passedOver(LogEntry entry);

        /** Tells the owner that another program wrote this record or one before it; false if that owner is not in this process. */
        boolean forged(LogEntry entry, WalException found);

        /** Fails with a typed error if the topic is no longer the one that was opened. */
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
        this.lastLookMs = checks.time().elapsedMs();
    }

    @Override
    public LogPoint here() {
        return delivered;
    }

    @Override
    public boolean isAt(long end) {
        return offset >= end;
    }

    @Override
    public Chunk take(Duration wait) {
        var chunk = fetch(wait.compareTo(LogCursor.LONGEST_WAIT) < 0 ? wait : LogCursor.LONGEST_WAIT);
        // Kafka's consumer may come back from a short poll with nothing, whatever there is.
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

    /** What is said of a log whose end does not come within {@link ScanDeadline#USUAL}. */
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
            // What was read before it comes first. The next fetch begins with the same record, and fails in the same
            // way.
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
        suspects = isSuspicious(entries);
        for (var entry : entries) {
            if (!feed(entry, records) || loss != null) {
                return;
            }
            offset = entry.offset() + 1;
        }
        offset = fetched.next();
        lookAtHeld(fetched.records().isEmpty());
        lookAtTopic(fetched.records().isEmpty());
    }

    /**
     * Whether to ask the owner of each record that fits. If its numbers rise, one look for each fetch is enough: then the last one
     * is not given yet either, if any is not.
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

    /** Whether a record that fits is not its owner's; what a later owner has gone on behind is decided. */
    private boolean isInTheOwnersPlace(LogEntry entry, LiveRule.Action action) {
        return suspects
                && (action == Action.DELIVER || action == Action.BUFFER)
                && checks.disowns(entry)
                && !passes(stampOf(entry));
    }

    /** A consumer of a topic that was deleted is told nothing, it just gets nothing: so a quiet one asks now and then. */
    private void lookAtTopic(boolean quiet) {
        var nowMs = checks.time().elapsedMs();
        if (!quiet) {
            lastLookMs = nowMs;
        } else if (nowMs - lastLookMs >= QUIET_LOOK_MS) {
            lastLookMs = nowMs;
            checks.sameTopic();
        }
    }

    private void lookAtHeld(boolean atEnd) {
        var first = held;
        if (first == null) {
            return;
        }
        fetchesHeld++;
        var isTime = atEnd || fetchesHeld % FETCHES_BETWEEN_LOOKS == 0;
        if (isTime && isNoBrokenLane(first.entry()) && !goesBackTo(first)) {
            loss = missingBefore(first.entry(), first.step());
        }
    }

    /** What stands behind a hole because its lane broke there was aborted. */
    private boolean isNoBrokenLane(LogEntry behind) {
        return checks.disowns(behind) || checks.isCommitted(behind.offset());
    }

    /** Follows the log again from a hole on that another program's record made; false if it may not be passed over. */
    private boolean goesBackTo(Held first) {
        if (!passes(stampOf(first.entry()))) {
            return false;
        }
        held = null;
        offset = first.entry().offset();
        position = first.before();
        return true;
    }

    /** A committed record behind a hole: records before it are missing, or it is not its owner's. */
    private WalException missingBefore(LogEntry entry, LiveRule.Step step) {
        return checks.disowns(entry) ? forged(entry) : DataLossErrors.found(pchannel, step, entry);
    }

    /**
     * Whether records of a stamp may be passed over that another program wrote: only if a later owner has gone on behind them. It
     * knew which ones count, or it would not have opened the log; and the number with which it began is compared as always.
     */
    private boolean passes(Stamp stamp) {
        if (!passed.equals(stamp) && checks.isSuperseded(stamp)) {
            passed = stamp;
        }
        return passed.equals(stamp);
    }

    private WalException forged(LogEntry entry) {
        checks.counts().forged(pchannel, entry.offset());
        var found = DataLossErrors.forged("read " + pchannel, pchannel, entry, position.next());
        return checks.forged(entry, found) ? DataLossErrors.beingMended(found) : found;
    }

    private static Stamp stampOf(LogEntry entry) {
        return entry.header() == null ? Stamp.NONE : entry.header().stamp();
    }

    /** Takes a record; false if the next fetch is to begin further back instead. */
    private boolean feed(LogEntry entry, List<LogRecord> records) {
        if (entry.header() == null) {
            checks.counts().foreign(pchannel, entry.offset());
            return true;
        }
        Formats.check(pchannel, entry);
        var before = passed.equals(stampOf(entry)) ? LiveRule.passing(position, entry.header()) : position;
        var step = LiveRule.next(before, entry.header());
        if (step.position().highest().isAbove(position.highest())) {
            if (held != null && isNoBrokenLane(held.entry()) && goesBackTo(held)) {
                return false;
            }
            held = null;
        }
        if (isInTheOwnersPlace(entry, step.action())) {
            loss = forged(entry);
            return true;
        }
        var stood = position;
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
                if (passes(stampOf(entry))) {
                    checks.counts().forged(pchannel, entry.offset());
                } else {
                    loss = forged(entry);
                }
            }
            case HOLD -> hold(new Held(entry, step, stood));
            case LOST_AND_REUSED, LOST_BEFORE, BROKEN_BATCH -> loss = DataLossErrors.found(pchannel, step, entry);
        }
        return true;
    }

    private void hold(Held next) {
        var stamp = stampOf(next.entry());
        if (view == View.COMMITTED && !passes(stamp)) {
            loss = missingBefore(next.entry(), next.step());
        } else if (view == View.LIVE && held == null && !passed.equals(stamp)) {
            held = next;
        }
    }

    /** A log that lost its end and was written anew, or a topic that was created again, looks like this too. */
    private void noteUnclaimed(LogEntry entry) {
        var stamp = stampOf(entry);
        var nowMs = checks.time().elapsedMs();
        if (!stamp.equals(unclaimed) || nowMs - lookedForClaimMs >= QUIET_LOOK_MS) {
            checks.sameTopic();
            if (checks.isClaimedBefore(stamp, entry.offset())) {
                loss = DataLossErrors.writtenAnew(pchannel, entry, position.next());
                return;
            }
            unclaimed = stamp;
            lookedForClaimMs = nowMs;
        }
        checks.counts().foreign(pchannel, entry.offset());
        checks.passedOver(entry);
    }

    /** The end of a topic that was created again looks like this too. */
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
        throw new IllegalStateException("only data has an LSN of its own");
    }

    @Override
    public void close() {
        cursor.close();
    }
}
