package io.seawall.flusher.history;

import io.seawall.flusher.history.TieredSource.InKafka;
import io.seawall.flusher.history.TieredSource.InSegment;
import io.seawall.flusher.history.TieredSource.LookingUp;
import io.seawall.flusher.history.TieredSource.Undecided;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.Problem;
import io.seawall.wal.RequestException;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one log from Kafka if Kafka has the next record, else from segments. Only the next LSN passes between the two, so it
 * does not matter where they meet: each is asked for exactly that record, and fails if it no longer has it. Kafka's start only
 * rises; the reader asks for it again once it reaches the start that it last saw. Used by one thread at a time; {@link #close}
 * may come from any thread and ends a poll that waits.
 */
final class TieredReader implements WalReader {
    private static final TieredSource UNDECIDED = new Undecided();

    /** Longer than an isolated broker can consider itself the leader. */
    private static final Duration LONGEST_STALE = Duration.ofSeconds(30);

    /** How often one poll changes between Kafka and segments before it gives up. */
    private static final int MOST_TURNS = 16;

    /** Prefetches the next segment after this fraction of a segment was read: a quarter. */
    private static final int PREFETCH_FRACTION = 4;

    private static final Duration OPENING = Duration.ofSeconds(20);

    private final Shared shared;
    private final PChannel pchannel;
    private final View view;
    /** Ends waits; completed by close. */
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    /** Changed by the reading thread, which then checks {@code closing}; close completes {@code closing}, then reads this. */
    private volatile TieredSource source;

    private long next;
    /** The oldest LSN that Kafka was seen to have; only rises, unless Kafka corrects it. */
    private long kafkaOldest;
    /** As last seen, for messages. */
    private long tail;
    /** Whether a segment was read to its end, so that the next one will be needed too. */
    private boolean sequential;
    /** The incarnation of the log; null until segments are needed. */
    private @Nullable String logId;
    /** Set while Kafka's log ends below the next record. */
    private @Nullable ShorterLog shorter;

    /**
     * What all readers share.
     *
     * @param kafka reads from Kafka
     * @param history reads segments
     * @param closed called when a reader is closed
     */
    record Shared(WalReaders kafka, SegmentReads history, Consumer<TieredReader> closed) {}

    /**
     * Kafka's log ends below records that segments have.
     *
     * @param error Kafka's error
     * @param sinceMs when it was first seen, in milliseconds of {@link SegmentReads#elapsedMs}
     */
    private record ShorterLog(WalException error, long sinceMs) {}

    private TieredReader(Shared shared, PChannel pchannel, View view, long next, TieredSource source) {
        this.shared = shared;
        this.pchannel = pchannel;
        this.view = view;
        this.next = next;
        this.source = source;
    }

    /**
     * Creates a reader that begins in Kafka.
     *
     * @param reader a reader at the first record, closed with this one
     */
    static TieredReader inKafka(Shared shared, PChannel pchannel, View view, WalReader reader) {
        return new TieredReader(shared, pchannel, view, reader.nextLsn(), new InKafka(reader));
    }

    /**
     * Creates a reader that finds the first record.
     *
     * @param next the first LSN
     */
    static TieredReader undecided(Shared shared, PChannel pchannel, View view, long next) {
        return new TieredReader(shared, pchannel, view, next, UNDECIDED);
    }

    @Override
    public PChannel pchannel() {
        return pchannel;
    }

    @Override
    public long nextLsn() {
        return next;
    }

    /** Looks up the first segment, so that opening fails if the record is not there. */
    void prepare() {
        lookUp(OPENING);
    }

    @Override
    public List<LogRecord> poll(PollLimits limits, Duration wait) {
        var untilMs = nowMs() + wait.toMillis();
        for (var turn = 0; turn < MOST_TURNS; turn++) {
            refuseIfClosed();
            var left = Duration.ofMillis(Math.max(0, untilMs - nowMs()));
            var records = turn(limits, left);
            if (records != null) {
                return records;
            }
        }
        return List.of();
    }

    /** Reads once; returns null if the source has changed, so that the next turn reads there. */
    private @Nullable List<LogRecord> turn(PollLimits limits, Duration wait) {
        if (!(source instanceof InKafka) && next >= kafkaOldest) {
            tryKafka();
        }
        if (source instanceof InKafka kafka) {
            return fromKafka(kafka.reader(), limits, wait);
        }
        if (!(source instanceof InSegment)) {
            lookUp(wait);
        }
        if (source instanceof InSegment segment) {
            return fromSegment(segment, limits);
        }
        return source instanceof InKafka ? null : List.of();
    }

    private @Nullable List<LogRecord> fromKafka(WalReader kafka, PollLimits limits, Duration wait) {
        try {
            var records = kafka.poll(limits, wait);
            next = records.isEmpty() ? next : records.get(records.size() - 1).lsn() + 1;
            return records;
        } catch (RequestException gone) {
            if (gone.code() != ErrorCode.TRIMMED) {
                throw gone;
            }
            moveTo(UNDECIDED);
            onTrimmed(gone);
            return null;
        }
    }

    /** Takes Kafka's new start from its error. */
    void onTrimmed(RequestException refusal) {
        var numbers = refusal.problem().numbers();
        tail = Math.max(tail, numbers.getOrDefault("tail", 0L));
        // Whatever the error contains, Kafka does not have this record.
        kafkaOldest = Math.max(Math.max(kafkaOldest, next + 1), numbers.getOrDefault("oldest", 0L));
    }

    /** Takes a value of Kafka's start that another reader saw. */
    void onKafkaOldest(long oldest) {
        kafkaOldest = Math.max(kafkaOldest, oldest);
    }

    /** Moves to Kafka if Kafka has the next record. */
    private void tryKafka() {
        WalReader opened;
        try {
            opened = shared.kafka().open(pchannel, StartPosition.atLsn(next), view);
        } catch (RequestException refusal) {
            if (refusal.code() == ErrorCode.TRIMMED) {
                onTrimmed(refusal);
                return;
            }
            if (refusal.code() == ErrorCode.BEYOND_TAIL) {
                refuseAnotherLog();
                // A deposed leader may still answer, and the segments may reach further.
                shorter = new ShorterLog(refusal, shorter == null ? nowMs() : shorter.sinceMs());
                return;
            }
            throw refusal;
        }
        moveTo(new InKafka(opened));
        refuseAnotherLog();
        shorter = null;
    }

    /** Checks the incarnation: a log that was deleted and created again has other records at the same LSNs. */
    private void refuseAnotherLog() {
        var before = logId;
        if (before == null) {
            return;
        }
        var now = shared.kafka().logId(pchannel);
        if (!now.equals(before)) {
            if (source instanceof InKafka) {
                moveTo(UNDECIDED);
            }
            throw TieredReadErrors.recreated(pchannel, before, now);
        }
    }

    /**
     * Looks up the next record in the segments and moves to where it is. Changes nothing if the time is up first.
     *
     * @throws WalException if neither the segments nor Kafka have the record
     */
    private void lookUp(Duration wait) {
        var lookup = source instanceof LookingUp begun
                ? begun.lookup()
                : shared.history().find(pchannel, next, logId());
        source = new LookingUp(lookup);
        LookupResult found;
        try {
            found = awaited(lookup, wait);
        } catch (WalException error) {
            source = UNDECIDED;
            throw error;
        }
        if (found == null) {
            return;
        }
        source = UNDECIDED;
        switch (found.kind()) {
            case IN_SEGMENT -> enter((LookupResult.InSegment) found);
            case GAP -> throw trimmed(((LookupResult.Gap) found).nextLsn());
            case HOLE -> throw trimmed(((LookupResult.Hole) found).nextLsn());
            case BELOW -> throw trimmed(oldestAbove(((LookupResult.Below) found).firstLsn()));
            case BEHIND -> onBehindSegments();
        }
    }

    private @Nullable LookupResult awaited(CompletableFuture<LookupResult> lookup, Duration wait) {
        try {
            CompletableFuture.anyOf(lookup, closing).get(wait.toMillis(), TimeUnit.MILLISECONDS);
            refuseIfClosed();
            return lookup.getNow(null);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            var error = FutureErrors.unwrapped(e);
            throw error instanceof WalException known
                    ? known
                    : new IllegalStateException("cannot look up LSN " + next + " of " + pchannel, error);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Returns the oldest LSN that can be read, as {@link TieredReaders#bounds} does. */
    private long oldestAbove(long firstSegment) {
        var history = shared.history();
        var known = history.oldestKnown(
                pchannel, kafkaOldest, this::logId, history.settings().boundsTimeout());
        return Math.max(known, Math.min(firstSegment, kafkaOldest));
    }

    private WalException trimmed(long oldest) {
        return TieredReadErrors.trimmed(pchannel, next, oldest, tail);
    }

    /** No segment has the record: it is in Kafka or missing. */
    private void onBehindSegments() {
        var kafkaEnds = shorter;
        if (kafkaEnds != null) {
            var forMs = nowMs() - kafkaEnds.sinceMs();
            throw TieredReadErrors.shorter(pchannel, next, kafkaEnds.error(), forMs >= LONGEST_STALE.toMillis());
        }
        // Kafka refused this LSN before the segments were listed, so it will not get it back. The refusal may have been
        // wrong, though.
        var bounds = shared.kafka().bounds(pchannel, view);
        tail = Math.max(tail, bounds.tail());
        if (bounds.oldest() > next) {
            kafkaOldest = Math.max(kafkaOldest, bounds.oldest());
            throw trimmed(bounds.oldest());
        }
        kafkaOldest = bounds.oldest();
        tryKafka();
        if (!(source instanceof InKafka)) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("no record at LSN " + next + ", though Kafka begins with LSN " + bounds.oldest())
                    .fix("try again")
                    .exception();
        }
    }

    private String logId() {
        var known = logId;
        if (known == null) {
            known = shared.kafka().logId(pchannel);
            logId = known;
        }
        return known;
    }

    private void enter(LookupResult.InSegment found) {
        var segment = found.segment();
        try {
            var reader = shared.history().reader(segment, next);
            moveTo(new InSegment(reader, next, found.follower(), false));
        } catch (IOException e) {
            throw shared.history().problem(segment.key(), e);
        }
    }

    private @Nullable List<LogRecord> fromSegment(InSegment segment, PollLimits limits) {
        var info = segment.reader().info();
        List<LogRecord> records;
        try {
            records = segment.reader().read(limits);
        } catch (IOException e) {
            moveTo(UNDECIDED);
            throw shared.history().problem(info.key(), e);
        }
        if (records.isEmpty()) {
            moveTo(UNDECIDED);
            sequential = true;
            return null;
        }
        next = records.get(records.size() - 1).lsn() + 1;
        shared.history().counts().records.add(records.size());
        prefetch(segment);
        return records;
    }

    /** Requests the next segment ahead once this one will probably be read to its end. */
    private void prefetch(InSegment segment) {
        var following = segment.following();
        if (segment.prefetched() || following.isEmpty() || following.getAsLong() >= kafkaOldest) {
            return;
        }
        var read = next - segment.begunAt();
        if (sequential || read * PREFETCH_FRACTION >= segment.reader().info().recordCount()) {
            source = segment.toPrefetched();
            shared.history().readAhead(new SegmentKey(pchannel, following.getAsLong()));
        }
    }

    /**
     * Closes the source in use and takes another one.
     *
     * @throws WalException if the reader was closed meanwhile; both are closed then
     */
    private void moveTo(TieredSource to) {
        var from = source;
        source = to;
        from.close();
        refuseIfClosed();
    }

    private void refuseIfClosed() {
        if (closing.isDone()) {
            source.close();
            throw TieredReadErrors.closed(pchannel);
        }
    }

    private long nowMs() {
        return shared.history().elapsedMs();
    }

    @Override
    public void close() {
        closing.complete(null);
        source.close();
        shared.closed().accept(this);
    }
}
