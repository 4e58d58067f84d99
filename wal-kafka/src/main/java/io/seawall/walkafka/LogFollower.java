package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.LiveRule.Action;
import io.seawall.walkafka.LiveRule.Position;
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
    private @Nullable LogEntry held; // the first record behind a hole
    private LiveRule.@Nullable Step holding;
    private int fetchesHeld;
    private @Nullable WalException loss; // what ends this feed, once everything before it was given
    private boolean voidSeen;
    private long lastLookMs; // when there was a record, or the topic was looked at

    /** What a follower needs of whoever opened it, mostly when something looks odd. */
    interface Checks {
        /** Clocks. */
        Time time();

        /** Counts what is passed over. */
        ReadCounts counts();

        /** Whether the record at an offset is committed; false as long as it is not known. */
        boolean isCommitted(long offset);

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
        var deadline = checks.time().deadline(Patience.USUAL);
        var chunk = Chunk.empty(delivered);
        while (chunk.isEmpty() && !isAt(end)) {
            if (deadline.isPast()) {
                throw late(pchannel, offset, end);
            }
            chunk = fetch(CATCH_UP_FETCH);
        }
        return chunk;
    }

    /** What is said of a log whose end does not come within {@link Patience#USUAL}. */
    static WalException late(PChannel pchannel, long offset, long end) {
        return Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                .pchannel(pchannel)
                .found("offset " + offset + " after " + Patience.USUAL)
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
        for (var stored : fetched.records()) {
            var entry = LogEntry.of(stored);
            feed(entry, records);
            if (loss != null) {
                return;
            }
            offset = entry.offset() + 1;
        }
        offset = fetched.next();
        lookAtHeld(fetched.records().isEmpty());
        lookAtTopic(fetched.records().isEmpty());
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
        if (held == null || holding == null) {
            return;
        }
        fetchesHeld++;
        if ((atEnd || fetchesHeld % FETCHES_BETWEEN_LOOKS == 0) && checks.isCommitted(held.offset())) {
            loss = Losses.found(pchannel, holding, held);
        }
    }

    private void feed(LogEntry entry, List<LogRecord> records) {
        if (entry.header() == null) {
            checks.counts().foreign(pchannel, entry.offset());
            return;
        }
        Formats.check(pchannel, entry);
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
                records.addAll(partial);
                records.add(toRecord(entry));
                partial.clear();
                delivered = new LogPoint(entry.offset() + 1, position);
            }
            case VOID -> noteVoid(entry);
            case HOLD -> hold(entry, step);
            case LOST_AND_REUSED, LOST_BEFORE, BROKEN_BATCH -> loss = Losses.found(pchannel, step, entry);
        }
    }

    private void hold(LogEntry entry, LiveRule.Step step) {
        if (view == View.COMMITTED) {
            loss = Losses.found(pchannel, step, entry);
        } else if (held == null) {
            held = entry;
            holding = step;
        }
    }

    /** The end of a topic that was created again looks like this too. */
    private void noteVoid(LogEntry entry) {
        if (!voidSeen) {
            checks.sameTopic();
            voidSeen = true;
        }
        checks.counts().voided(pchannel, entry.offset());
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
