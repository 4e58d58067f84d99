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

/** One log as readers look at it: what it holds, where to begin, and whether it is still the same. Blocks; for any thread. */
final class LogAccess implements LogFollower.Checks {
    /** A trim, or a change of leaders, may come between two looks of one call; it takes a moment until the next one. */
    private static final int ATTEMPTS = 3;

    private final PChannel pchannel;
    private final String topicId;
    private final Dependencies means;

    /**
     * What all readers of a process look with.
     *
     * @param cursors makes cursors that run on the caller's thread
     * @param topics knows topics
     * @param time clocks
     * @param indexes where records are, as far as it is known
     * @param owners what the owners in this process know
     * @param counts what was passed over
     */
    record Dependencies(
            LogCursors cursors,
            TopicAdmin topics,
            Time time,
            LsnIndexes indexes,
            Owners owners,
            SkippedRecordCounters counts) {}

    private LogAccess(PChannel pchannel, String topicId, Dependencies means) {
        this.pchannel = pchannel;
        this.topicId = topicId;
        this.means = means;
    }

    /**
     * Looks a log up.
     *
     * @throws io.seawall.wal.RequestException with NOT_FOUND if there is none
     */
    static LogAccess to(PChannel pchannel, Dependencies means) {
        return new LogAccess(pchannel, topicId(pchannel, means), means);
    }

    private static String topicId(PChannel pchannel, Dependencies means) {
        var facts = Futures.joined(means.topics().describe(pchannel.topic()));
        if (pchannel.partition() >= facts.partitions()) {
            throw Problem.of(ErrorCode.NOT_FOUND, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("a topic with " + facts.partitions() + " pchannels")
                    .expected("a number below that")
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

    /** A new cursor, to be closed by the caller. */
    LogCursor cursor(View view) {
        return means.cursors().open(pchannel, view == View.LIVE ? Isolation.UNCOMMITTED : Isolation.COMMITTED);
    }

    /** A search with a cursor of the committed view, which stays the caller's. */
    StartSearch search(LogCursor committed) {
        return StartSearch.in(pchannel, scanner(committed), means.indexes().of(pchannel, topicId));
    }

    /** What a search on a cursor of its own finds. */
    <T> T searched(Function<StartSearch, T> wanted) {
        try (var committed = cursor(View.COMMITTED)) {
            return wanted.apply(search(committed));
        }
    }

    /** Follows the log from a place; the follower closes the cursor. */
    LogFollower follower(View view, LogCursor cursor, LogPoint from) {
        return new LogFollower(pchannel, view, cursor, from, this);
    }

    /** The offset behind the last record that a view has. */
    long end(View view) {
        try (var cursor = cursor(view)) {
            return Futures.joined(cursor.range()).end();
        }
    }

    /** What the log holds; one consumer, and one more for the live view. */
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
     * Repeats a look from the beginning if a trim removed what it was reading: a caller that asked for something that is still there
     * must not be told of a trim.
     */
    <T> T stable(Supplier<T> look) {
        for (var attempt = 1; ; attempt++) {
            try {
                return look.get();
            } catch (OffsetGoneException gone) {
                if (attempt == ATTEMPTS) {
                    throw Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                            .pchannel(pchannel)
                            .found("offset " + gone.offset()
                                    + " being trimmed, or lost with a leader, before it was read")
                            .expected("one of " + ATTEMPTS + " looks to end before the next trim")
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
        return means.time();
    }

    @Override
    public SkippedRecordCounters counts() {
        return means.counts();
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
        return means.owners().of(pchannel, topicId).disowns(entry);
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
        means.owners().passedOver(pchannel, topicId, entry.offset());
    }

    @Override
    public boolean forged(LogEntry entry, WalException found) {
        return means.owners().forged(pchannel, topicId, entry, found);
    }

    private LogScanner scanner(LogCursor committed) {
        return new LogScanner(committed, giveUp(), means.owners().of(pchannel, topicId));
    }

    @Override
    public void sameTopic() {
        var now = topicId(pchannel, means);
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
