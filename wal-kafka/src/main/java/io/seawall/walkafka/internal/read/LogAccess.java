package io.seawall.walkafka.internal.read;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.LogPoint;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.scan.LogScanner;
import io.seawall.walkafka.internal.scan.LsnIndexes;
import io.seawall.walkafka.internal.scan.Owners;
import io.seawall.walkafka.internal.scan.ScanDeadline;
import io.seawall.walkafka.internal.scan.StartSearch;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.OffsetGoneException;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.port.TopicAdmin;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers the questions of readers about one log: its bounds, where to start, and whether its topic is still the same. Blocks.
 * Thread-safe.
 */
final class LogAccess implements LogFollower.Checks {
    /** A trim or a change of leaders may come between two requests of one call, but hardly during three attempts in a row. */
    private static final int ATTEMPTS = 3;

    private final PChannel pchannel;
    private final String topicId;
    private final Dependencies dependencies;

    /**
     * The objects that all readers of a process use.
     *
     * @param cursors makes cursors that run on the caller's thread
     * @param topics describes topics
     * @param time the clock
     * @param indexes the positions of records that searches found
     * @param owners what owners in this process know of their own records
     * @param counts counts skipped records
     */
    record Dependencies(
            LogCursors cursors,
            TopicAdmin topics,
            Time time,
            LsnIndexes indexes,
            Owners owners,
            SkippedRecordCounters counts) {}

    private LogAccess(PChannel pchannel, String topicId, Dependencies dependencies) {
        this.pchannel = pchannel;
        this.topicId = topicId;
        this.dependencies = dependencies;
    }

    /**
     * Looks up the topic of a log.
     *
     * @throws io.seawall.wal.RequestException with NOT_FOUND if there is no such topic or partition
     */
    static LogAccess to(PChannel pchannel, Dependencies dependencies) {
        return new LogAccess(pchannel, topicId(pchannel, dependencies), dependencies);
    }

    private static String topicId(PChannel pchannel, Dependencies dependencies) {
        var facts = Futures.joined(dependencies.topics().describe(pchannel.topic()));
        if (pchannel.partition() >= facts.partitions()) {
            throw Problem.of(ErrorCode.NOT_FOUND, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("a topic with " + facts.partitions() + " pchannels")
                    .expected(PChannel.names(pchannel.topic(), facts.partitions()))
                    .exception();
        }
        return facts.id();
    }

    PChannel pchannel() {
        return pchannel;
    }

    String topicId() {
        return topicId;
    }

    /** Opens a cursor, which the caller closes. */
    LogCursor cursor(View view) {
        return dependencies.cursors().open(pchannel, view == View.LIVE ? Isolation.UNCOMMITTED : Isolation.COMMITTED);
    }

    /** Starts a search with a cursor of the committed view. The caller closes the cursor. */
    StartSearch search(LogCursor committed) {
        return StartSearch.in(
                pchannel, scanner(committed), dependencies.indexes().of(pchannel, topicId));
    }

    /** Runs a search with a cursor of its own. */
    <T> T searched(Function<StartSearch, T> wanted) {
        try (var committed = cursor(View.COMMITTED)) {
            return wanted.apply(search(committed));
        }
    }

    /** Follows the log from a point. The follower closes the cursor. */
    LogFollower follower(View view, LogCursor cursor, LogPoint from) {
        return new LogFollower(pchannel, view, cursor, from, this);
    }

    /** Returns the offset after the last record that a view shows. */
    long end(View view) {
        try (var cursor = cursor(view)) {
            return Futures.joined(cursor.range()).end();
        }
    }

    /** Returns the oldest LSN and the tail. Opens one consumer, and for the live view another one. */
    LogBounds bounds(View view) {
        var committed = searched(found -> new Committed(found.oldest(), found.committedTail(), found.nearTail()));
        if (view == View.COMMITTED) {
            return new LogBounds(committed.oldest(), committed.tail());
        }
        var cursor = cursor(View.LIVE);
        try (var follower = follower(View.LIVE, cursor, committed.nearTail())) {
            var end = Futures.joined(cursor.range()).end();
            var deadline = time().deadline(ScanDeadline.USUAL);
            while (!follower.isAt(end)) {
                if (deadline.isPast()) {
                    throw LogFollower.late(pchannel, follower.here().offset(), end);
                }
                follower.take(LogFollower.CATCH_UP_FETCH);
            }
            return new LogBounds(committed.oldest(), follower.here().next());
        }
    }

    /**
     * Runs an operation, and repeats it if a trim removed the records that it was reading: a caller that asked for records which are
     * still there must not get an error.
     */
    <T> T stable(Supplier<T> operation) {
        for (var attempt = 1; ; attempt++) {
            try {
                return operation.get();
            } catch (OffsetGoneException gone) {
                if (attempt == ATTEMPTS) {
                    throw Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                            .pchannel(pchannel)
                            .found("offset " + gone.offset()
                                    + " being trimmed, or lost with a leader, before it was read")
                            .expected("one of " + ATTEMPTS + " attempts to end before the next trim")
                            .fix("try again")
                            .cause(gone)
                            .exception();
                }
            }
        }
    }

    private record Committed(long oldest, long tail, LogPoint nearTail) {}

    @Override
    public Time time() {
        return dependencies.time();
    }

    @Override
    public SkippedRecordCounters counts() {
        return dependencies.counts();
    }

    @Override
    public boolean isCommitted(long offset) {
        try (var probe = cursor(View.COMMITTED)) {
            var visible = Futures.joined(probe.range()).end() > offset;
            return visible && Futures.joined(scanner(probe).firstNumbered(offset, offset + 1)) != null;
        }
    }

    @Override
    public boolean disowns(LogEntry entry) {
        return dependencies.owners().of(pchannel, topicId).disowns(entry);
    }

    @Override
    public boolean isSuperseded(Stamp stamp) {
        return searched(search -> search.lastOwner().isAbove(stamp));
    }

    @Override
    public boolean isClaimedBefore(Stamp stamp, long offset) {
        try (var probe = cursor(View.COMMITTED)) {
            return Futures.joined(new ClaimSearch(probe, scanner(probe), stamp).isBelow(offset));
        }
    }

    @Override
    public void passedOver(LogEntry entry) {
        dependencies.owners().passedOver(pchannel, topicId, entry.offset());
    }

    @Override
    public boolean forged(LogEntry entry, WalException found) {
        return dependencies.owners().forged(pchannel, topicId, entry, found);
    }

    private LogScanner scanner(LogCursor committed) {
        return new LogScanner(committed, giveUp(), dependencies.owners().of(pchannel, topicId));
    }

    @Override
    public void sameTopic() {
        var now = topicId(pchannel, dependencies);
        if (!now.equals(topicId)) {
            throw Problem.of(ErrorCode.NOT_FOUND, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("a topic that was created again (id " + now + ")")
                    .expected("the one that was opened (id " + topicId + ")")
                    .fix("open a new reader")
                    .exception();
        }
    }

    private ScanDeadline giveUp() {
        return new ScanDeadline(pchannel, "read " + pchannel, ScanDeadline.USUAL, time());
    }
}
