package io.seawall.flusher.history;

import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.ErrorCode;
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
import java.time.InstantSource;
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
 * rises; the reader asks for it again once it reaches the start that it last saw.
 */
final class TieredReader implements WalReader {
    /** Longer than an isolated broker can consider itself the leader. */
    private static final Duration LONGEST_STALE = Duration.ofSeconds(30);

    /** How often one poll changes between Kafka and segments before it gives up. */
    private static final int MOST_TURNS = 16;

    /** Prefetches the next segment after this fraction of a segment was read: a quarter. */
    private static final int SHARE_THAT_SHOWS_A_WAY = 4;

    private static final Duration OPENING = Duration.ofSeconds(20);

    private final Dependencies means;
    private final PChannel pchannel;
    private final View view;
    /** Ends waits; completed by close. */
    private final CompletableFuture<Void> closing = new CompletableFuture<>();

    private @Nullable WalReader inKafka; // changed under the lock by the reading thread
    private @Nullable SegmentReader inSegment; // changed under the lock by the reading thread
    private long begunAt; // the LSN at which the segment was entered
    private boolean readAhead; // whether the next segment was prefetched
    private boolean sequential; // whether a segment was read to its end
    private long follower = -1; // where the next segment begins; -1 if that is not known
    private @Nullable CompletableFuture<LookupResult> asked;
    private @Nullable String logId; // known once segments are needed
    private long next;
    private long kafkaOldest; // the oldest LSN that Kafka was seen to have; only rises
    private long tail; // as last seen, for messages
    private @Nullable WalException beyond; // Kafka's error while its log ends below the segments
    private long beyondSinceMs;

    /**
     * What all readers share.
     *
     * @param kafka reads from Kafka
     * @param history reads segments
     * @param clock for waits
     * @param closed called when a reader is closed
     */
    record Dependencies(WalReaders kafka, SegmentReads history, InstantSource clock, Consumer<TieredReader> closed) {}

    /**
     * Creates a reader.
     *
     * @param next the first LSN
     * @param inKafka a reader at that LSN, closed with this one; null to begin in segments
     */
    TieredReader(Dependencies means, PChannel pchannel, View view, long next, @Nullable WalReader inKafka) {
        this.means = means;
        this.pchannel = pchannel;
        this.view = view;
        this.next = next;
        this.inKafka = inKafka;
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
        enter(OPENING);
    }

    @Override
    public List<LogRecord> poll(PollLimits limits, Duration wait) {
        var untilMs = means.clock().millis() + wait.toMillis();
        for (var turn = 0; turn < MOST_TURNS; turn++) {
            refuseIfClosed();
            var left = Duration.ofMillis(Math.max(0, untilMs - means.clock().millis()));
            var records = turn(limits, left);
            if (records != null) {
                return records;
            }
        }
        return List.of();
    }

    /** Reads once; returns null if the other source has to be tried. */
    private @Nullable List<LogRecord> turn(PollLimits limits, Duration wait) {
        var kafka = inKafka;
        if (kafka == null && next >= kafkaOldest && toKafka()) {
            kafka = inKafka;
        }
        if (kafka != null) {
            return fromKafka(kafka, limits, wait);
        }
        if (inSegment == null && !enter(wait)) {
            return inKafka == null ? List.of() : null;
        }
        return fromSegment(limits);
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
            leaveKafka();
            trimmed(gone);
            return null;
        }
    }

    /** Takes Kafka's new start from its error. */
    void trimmed(RequestException refusal) {
        var numbers = refusal.problem().numbers();
        tail = Math.max(tail, numbers.getOrDefault("tail", 0L));
        // Whatever the error contains, Kafka does not have this record.
        kafkaOldest = Math.max(Math.max(kafkaOldest, next + 1), numbers.getOrDefault("oldest", 0L));
    }

    /** Takes an earlier value of Kafka's start, which only rises. */
    void trimmedBelow(long oldest) {
        kafkaOldest = Math.max(kafkaOldest, oldest);
    }

    /** Returns whether Kafka has the next record; if so, a reader is open there. */
    private boolean toKafka() {
        WalReader opened;
        try {
            opened = means.kafka().open(pchannel, new StartPosition.AtLsn(next), view);
        } catch (RequestException outside) {
            if (outside.code() == ErrorCode.TRIMMED) {
                trimmed(outside);
                return false;
            }
            if (outside.code() == ErrorCode.BEYOND_TAIL) {
                sameLog();
                // A deposed leader may still answer, and the segments may reach further.
                beyondSinceMs = beyond == null ? means.clock().millis() : beyondSinceMs;
                beyond = outside;
                return false;
            }
            throw outside;
        }
        useKafka(opened);
        sameLog();
        beyond = null;
        return true;
    }

    /** Checks the incarnation: a log that was deleted and created again has other records at the same LSNs. */
    private void sameLog() {
        var before = logId;
        if (before == null) {
            return;
        }
        var now = means.kafka().logId(pchannel);
        if (!now.equals(before)) {
            leaveKafka();
            throw TieredReadErrors.recreated(pchannel, before, now);
        }
    }

    /**
     * Enters the segment that holds the next record; returns false if it was not found in time, or Kafka has to be asked again.
     */
    private boolean enter(Duration wait) {
        var question = asked == null ? means.history().find(pchannel, next, logId()) : asked;
        asked = question;
        LookupResult found;
        try {
            found = awaited(question, wait);
        } catch (WalException error) {
            asked = null;
            throw error;
        }
        if (found == null) {
            return false;
        }
        asked = null;
        switch (found.kind()) {
            case IN_SEGMENT -> {
                use((LookupResult.InSegment) found);
                return true;
            }
            case GAP -> throw trimmed(((LookupResult.Gap) found).nextLsn());
            case HOLE -> throw trimmed(((LookupResult.Hole) found).nextLsn());
            case BELOW -> throw trimmed(oldestAbove(((LookupResult.Below) found).firstLsn()));
            case BEHIND -> {
                behindTheSegments();
                return false;
            }
        }
        throw new IllegalStateException("unknown kind " + found.kind());
    }

    /** As everybody else is told who asks where the log begins. */
    private long oldestAbove(long firstSegment) {
        var known = means.history()
                .oldestKnown(
                        pchannel,
                        kafkaOldest,
                        this::logId,
                        means.history().settings().outline());
        return Math.max(known, Math.min(firstSegment, kafkaOldest));
    }

    private WalException trimmed(long oldest) {
        return TieredReadErrors.trimmed(pchannel, next, oldest, tail);
    }

    /** No segment has the record: it is in Kafka or missing. */
    private void behindTheSegments() {
        var shorter = beyond;
        if (shorter != null) {
            var forMs = means.clock().millis() - beyondSinceMs;
            throw TieredReadErrors.shorter(pchannel, next, shorter, forMs >= LONGEST_STALE.toMillis());
        }
        // Kafka refused this LSN before the segments were listed, so it will not get it back; but the refusal may have
        // been
        // wrong.
        var bounds = means.kafka().bounds(pchannel, view);
        tail = Math.max(tail, bounds.tail());
        if (bounds.oldest() > next) {
            kafkaOldest = Math.max(kafkaOldest, bounds.oldest());
            throw trimmed(bounds.oldest());
        }
        kafkaOldest = bounds.oldest();
        if (!toKafka()) {
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
            known = means.kafka().logId(pchannel);
            logId = known;
        }
        return known;
    }

    private void use(LookupResult.InSegment found) {
        var segment = found.segment();
        try {
            var reader = means.history().reader(segment, next);
            synchronized (this) {
                inSegment = reader;
            }
        } catch (IOException e) {
            throw means.history().problem(segment.key(), e);
        }
        begunAt = next;
        follower = found.follower().orElse(-1);
        readAhead = false;
        refuseIfClosed();
    }

    private @Nullable List<LogRecord> fromSegment(PollLimits limits) {
        var reader = inSegment;
        if (reader == null) {
            return null;
        }
        var info = reader.info();
        List<LogRecord> records;
        try {
            records = reader.read(limits);
        } catch (IOException e) {
            leaveSegment();
            refuseIfClosed();
            throw means.history().problem(info.key(), e);
        }
        if (records.isEmpty()) {
            leaveSegment();
            sequential = true;
            return null;
        }
        next = records.get(records.size() - 1).lsn() + 1;
        means.history().counts().records.add(records.size());
        lookAhead(info);
        return records;
    }

    private void lookAhead(SegmentInfo info) {
        var far = sequential || (next - begunAt) * SHARE_THAT_SHOWS_A_WAY >= info.recordCount();
        if (far && !readAhead && follower >= 0 && follower < kafkaOldest) {
            readAhead = true;
            means.history().readAhead(new SegmentKey(pchannel, follower));
        }
    }

    private @Nullable LookupResult awaited(CompletableFuture<LookupResult> question, Duration wait) {
        try {
            CompletableFuture.anyOf(question, closing).get(wait.toMillis(), TimeUnit.MILLISECONDS);
            refuseIfClosed();
            return question.getNow(null);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WalException problem) {
                throw problem;
            }
            throw new IllegalStateException("cannot look up LSN " + next + " of " + pchannel, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void useKafka(WalReader opened) {
        leaveSegment();
        asked = null;
        synchronized (this) {
            inKafka = opened;
        }
        if (closing.isDone()) {
            opened.close();
            throw TieredReadErrors.closed(pchannel);
        }
    }

    private void leaveKafka() {
        WalReader last;
        synchronized (this) {
            last = inKafka;
            inKafka = null;
        }
        if (last != null) {
            last.close();
        }
    }

    private void leaveSegment() {
        SegmentReader last;
        synchronized (this) {
            last = inSegment;
            inSegment = null;
        }
        if (last != null) {
            last.close();
        }
    }

    private void refuseIfClosed() {
        if (closing.isDone()) {
            leaveSegment();
            throw TieredReadErrors.closed(pchannel);
        }
    }

    @Override
    public void close() {
        closing.complete(null);
        WalReader kafka;
        SegmentReader segment;
        synchronized (this) {
            kafka = inKafka;
            segment = inSegment;
        }
        if (kafka != null) {
            kafka.close();
        }
        if (segment != null) {
            segment.close();
        }
        means.closed().accept(this);
    }
}
