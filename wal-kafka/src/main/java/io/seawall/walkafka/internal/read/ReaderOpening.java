package io.seawall.walkafka.internal.read;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.RequestException;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.LogPoint;
import io.seawall.walkafka.internal.scan.StartSearch;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.OffsetGoneException;
import io.seawall.walkafka.port.Time;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Opens one reader at its start position, and later provides the feeds that it reads from. Blocks. */
final class ReaderOpening implements KafkaWalReader.Feeds {
    private final LogAccess log;
    private final View view;
    private final TailRings rings;
    private final TailRings.Key key;
    private final Consumer<KafkaWalReader> onClosed;
    private final MissingEnd missing = new MissingEnd();

    ReaderOpening(LogAccess log, View view, TailRings rings, Consumer<KafkaWalReader> onClosed) {
        this.log = log;
        this.view = view;
        this.rings = rings;
        this.key = new TailRings.Key(log.pchannel(), view, log.topicId());
        this.onClosed = onClosed;
    }

    KafkaWalReader at(StartPosition from) {
        if (from instanceof StartPosition.AtLsn at) {
            return atLsn(at.lsn());
        }
        if (from instanceof StartPosition.AtTime at) {
            return atTime(at);
        }
        return from instanceof StartPosition.Oldest ? atOldest() : atTail();
    }

    private KafkaWalReader atOldest() {
        return searching(search -> search.start(), (search, reader) -> reader.startAt(search.oldest()));
    }

    private KafkaWalReader atLsn(long lsn) {
        try {
            return atLsn(lsn, search -> search);
        } catch (RequestException outside) {
            if (outside.code() != ErrorCode.BEYOND_TAIL) {
                throw outside;
            }
            // Another program's records may have been mistaken for the
            // log's end. Then a search further back gives another answer.
            return atLsn(lsn, StartSearch::wider);
        }
    }

    private KafkaWalReader atLsn(long lsn, UnaryOperator<StartSearch> scope) {
        return searching(
                scope,
                search -> {
                    if (lsn < search.oldest()) {
                        throw outside(ErrorCode.TRIMMED, lsn, search.oldest(), tail(search));
                    }
                    return search.atOrBelow(lsn, view);
                },
                (search, reader) -> {
                    reader.startAt(lsn);
                    if (search.committedTail() <= lsn) {
                        reader.readUntil(log.end(view), () -> reader.next() >= lsn);
                    }
                    if (search.committedTail() <= lsn && reader.next() < lsn) {
                        refuseBeyond(lsn, search.oldest(), reader.next());
                    }
                });
    }

    /**
     * Refuses an LSN above the live tail, in both views: a reader of the committed view may wait for the commit of an LSN below
     * it.
     */
    private void refuseBeyond(long lsn, long oldest, long seen) {
        var tail = view == View.LIVE ? seen : Math.max(seen, liveTail());
        if (lsn > tail) {
            throw outside(ErrorCode.BEYOND_TAIL, lsn, oldest, tail);
        }
    }

    private long liveTail() {
        return log.bounds(View.LIVE).tail();
    }

    private long tail(StartSearch search) {
        return view == View.COMMITTED
                ? search.committedTail()
                : log.bounds(view).tail();
    }

    private KafkaWalReader atTail() {
        var shared = rings.atEnd(key);
        if (shared != null) {
            return prepared(reader(shared), reader -> reader.skipTo(log.end(view)));
        }
        return searching(StartSearch::nearTail, (search, reader) -> reader.skipTo(log.end(view)));
    }

    /**
     * Reads on from the offset that Kafka gives for the time. Timestamps never fall with growing LSNs; only copies carry older ones
     * than the records before them. So every record below that offset, original or copy, is older than the wanted time.
     */
    private KafkaWalReader atTime(StartPosition.AtTime at) {
        long timeMs = at.epochMs();
        try (var cursor = log.cursor(view)) {
            // Asked before offsetAt(): a record that arrives in between is then read, and not skipped as an older one.
            var end = Futures.joined(cursor.range()).end();
            var first = Futures.joined(cursor.offsetAt(timeMs));
            var readTo = first.isEmpty() ? end : Math.max(end, first.getAsLong() + 1);
            return searching(
                    search -> search.below(first.orElse(end)),
                    (search, reader) -> reader.skipTo(readTo, record -> record.timestampMs() >= timeMs));
        }
    }

    /** Chooses the point at which a reader begins. */
    private interface Place {
        LogPoint in(StartSearch search);
    }

    /** Moves a new reader from that point to its start position. */
    private interface Preparation {
        void prepare(StartSearch search, KafkaWalReader reader);
    }

    private KafkaWalReader searching(Place place, Preparation preparation) {
        return searching(search -> search, place, preparation);
    }

    /** Searches, opens a reader and prepares it. In the committed view the reader continues with the cursor of the search. */
    private KafkaWalReader searching(UnaryOperator<StartSearch> scope, Place place, Preparation preparation) {
        var probe = log.cursor(View.COMMITTED);
        StartSearch search;
        LogFollower follower;
        try {
            search = scope.apply(log.search(probe));
            var from = place.in(search);
            follower = log.follower(view, view == View.COMMITTED ? probe : log.cursor(view), from);
        } catch (RuntimeException error) {
            probe.close();
            throw error;
        }
        if (view == View.LIVE) {
            probe.close();
        }
        return prepared(reader(follower), reader -> preparation.prepare(search, reader));
    }

    private KafkaWalReader reader(Feed feed) {
        return new KafkaWalReader(log.pchannel(), feed, this);
    }

    private static KafkaWalReader prepared(KafkaWalReader reader, Consumer<KafkaWalReader> preparation) {
        try {
            preparation.accept(reader);
            return reader;
        } catch (RuntimeException error) {
            reader.close();
            throw error;
        }
    }

    @Override
    public Time time() {
        return log.time();
    }

    @Override
    public Feed own(LogPoint from) {
        return log.follower(view, log.cursor(view), from);
    }

    @Override
    public Feed shared(Feed feed) {
        return feed instanceof LogFollower own ? rings.share(key, own) : feed;
    }

    /**
     * Finds the next LSN after a trim, or after the log lost its end. A trim may have deleted an original whose copy is still there;
     * a reader of the live view continues with that copy.
     */
    @Override
    public LogPoint findAgain(OffsetGoneException gone, long nextLsn) {
        log.sameTopic();
        var place = log.stable(() -> placeOf(gone, nextLsn));
        missing.seenUpTo(Long.MAX_VALUE);
        return place;
    }

    /** Asks for the log's end if the chunk is empty, which proves nothing: a short poll may end before it has asked a broker. */
    @Override
    public void took(Chunk chunk) {
        if (missing.isMissing()) {
            missing.seenUpTo(chunk.isEmpty() ? log.end(view) : Long.MAX_VALUE);
        }
    }

    private LogPoint placeOf(OffsetGoneException gone, long nextLsn) {
        var shown = log.bounds(view).tail();
        // A reader of the committed view may wait for a record that is not committed yet.
        var tail = nextLsn > shown && view == View.COMMITTED ? Math.max(shown, liveTail()) : shown;
        if (nextLsn > tail) {
            throw endMissing(gone, nextLsn, tail);
        }
        return log.searched(search -> {
            // Compares with the oldest LSN of this search, not of bounds(): after a trim in between the reader would
            // silently leave out records.
            if (nextLsn < search.oldest()) {
                throw outside(ErrorCode.TRIMMED, nextLsn, search.oldest(), tail);
            }
            return search.atOrBelow(nextLsn, view);
        });
    }

    private WalException endMissing(OffsetGoneException gone, long nextLsn, long tail) {
        var lost = missing.isLost(gone.offset(), log.time().elapsedMs());
        return Problem.of(lost ? ErrorCode.DATA_LOSS : ErrorCode.UNAVAILABLE, "read " + log.pchannel())
                .pchannel(log.pchannel())
                .with("lsn", nextLsn)
                .found("no offset " + gone.offset() + " any more, where LSN " + nextLsn + " was next, and a tail of "
                        + tail)
                .expected("a partition that does not lose its end")
                .fix(
                        lost
                                ? "acknowledged records are missing in Kafka: stop writing and check the brokers' disks"
                                : "read again: after a change of leaders the old one may still answer for a while")
                .exception();
    }

    @Override
    public void closed(KafkaWalReader reader) {
        onClosed.accept(reader);
    }

    private WalException outside(ErrorCode code, long lsn, long oldest, long tail) {
        return Problem.of(code, "read " + log.pchannel() + " from LSN " + lsn)
                .pchannel(log.pchannel())
                .with("oldest", oldest)
                .with("tail", tail)
                .found("LSN " + lsn)
                .expected("an LSN from " + oldest + " to " + tail)
                .exception();
    }
}
