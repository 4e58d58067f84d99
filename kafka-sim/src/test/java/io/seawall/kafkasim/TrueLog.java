package io.seawall.kafkasim;

import io.seawall.kafkasim.LogBatch.Outcome;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The actual content of a log, read from the partition itself and not through a reader: the live sequence, the committed one,
 * and the winning claims. Checks P1, P3, P5 and P7 on every record.
 */
public final class TrueLog {
    private static final Pattern INSTANCE = Pattern.compile("\"instance\":\"([^\"]*)\"");

    private final SimPartition partition;
    private final Violations violations;
    private final long fromTerm;
    private final List<Entry> live = new ArrayList<>();
    private final UncommittedBytes uncommitted;
    private final List<Long> committedOffsets = new ArrayList<>(); // by LSN
    private final List<Integer> committedMores = new ArrayList<>(); // by LSN
    private final List<Seen> seen = new ArrayList<>();
    private final List<Entry> batch = new ArrayList<>();
    private @Nullable Stamped highest;
    private boolean hole;
    private boolean fresh;
    private long liveOffset;
    private @Nullable Stamped winner;
    private long stableOffset;
    private long committedTail;
    private long checkedStart;
    private int committedMore;
    private long lastTimestampMs;
    private long copies;
    private int claimsInPlace;
    private long abortedRecords;

    /**
     * A record of the log.
     *
     * @param data what was appended
     * @param timestampMs its time
     * @param term the term that wrote it first
     * @param writer the id of its writer session, or null
     * @param batches its location: Kafka's batches of the record and of its copies
     */
    public record Entry(
            WalRecord data,
            long timestampMs,
            long term,
            @Nullable String writer,
            List<LogBatch> batches) {}

    /** A record of ours at its offset. */
    private record Seen(
            long offset, Stamped header, @Nullable String instance, LogBatch batch) {}

    /**
     * A log from its beginning.
     *
     * @param fromTerm records of lower terms belong to another log
     * @param cap how many bytes of one owner's appends may be uncommitted
     */
    public TrueLog(SimPartition partition, Violations violations, long fromTerm, long cap) {
        this.partition = partition;
        this.violations = violations;
        this.fromTerm = fromTerm;
        this.uncommitted = new UncommittedBytes(partition, violations, cap);
    }

    /** Processes the partition up to its present end. */
    public void catchUp() {
        var durable = partition.durableEnd();
        if (liveOffset < durable) {
            for (var at : partition.durableBatchesFrom(liveOffset)) {
                follow(at);
            }
            liveOffset = durable;
        }
        var stable = partition.stableEnd();
        if (stableOffset < stable) {
            for (var at : partition.durableBatchesFrom(stableOffset)) {
                if (at.endOffset() <= stable) {
                    followCommitted(at);
                }
            }
            stableOffset = stable;
        }
        uncommitted.check();
        notTrimmedInsideABatch();
    }

    /** Checks that the log begins with a whole batch: a trim must not cut one. */
    private void notTrimmedInsideABatch() {
        var start = partition.start();
        if (start <= checkedStart) {
            return;
        }
        checkedStart = start;
        var oldest = lsnAt(start);
        violations.check(
                oldest == 0 || committedMores.get(oldest - 1) == 0,
                () -> "P5: the log was trimmed at offset " + start + ", before LSN " + oldest
                        + ", which is inside a batch");
    }

    /** Returns the LSN of the first committed record at or above an offset; the committed tail if there is none. */
    public int lsnAt(long offset) {
        var found = Collections.binarySearch(committedOffsets, offset);
        return found < 0 ? -found - 1 : found;
    }

    private void follow(LogBatch at) {
        for (var index = 0; index < at.records().size(); index++) {
            var record = at.records().get(index);
            var header = Stamped.read(record.wal());
            if (header != null && header.term() >= fromTerm) {
                var offset = at.baseOffset() + index;
                seen.add(new Seen(offset, header, instance(record), at));
                if (header.kind() != Stamped.Kind.CLAIM) {
                    refuseBelowTheWinner(offset, header);
                    take(offset, header, record, at);
                }
            }
        }
    }

    private static @Nullable String instance(Outgoing record) {
        var value = record.data().value();
        var found = INSTANCE.matcher(value == null ? "" : new String(value, StandardCharsets.UTF_8));
        return found.find() ? found.group(1) : null;
    }

    private void refuseBelowTheWinner(long offset, Stamped header) {
        var top = winner;
        violations.check(
                top == null || !header.isBelow(top),
                () -> "P1: " + header + " at offset " + offset + " after the winning claim of " + top);
    }

    /** Applies docs/protocol.md#live-rule. */
    private void take(long offset, Stamped header, Outgoing record, LogBatch at) {
        if (highest != null && header.isBelow(highest)) {
            violations.report("P1: " + header + " at offset " + offset + " after a record of " + highest);
            return;
        }
        if (highest == null || !header.sameStamp(highest)) {
            highest = header;
            hole = false;
            fresh = true;
            batch.clear();
        }
        if (header.kind() == Stamped.Kind.LEASE || hole) {
            return;
        }
        if (header.kind() == Stamped.Kind.SNAPSHOT) {
            if (header.lsn() > live.size() && !fresh) {
                hole = true; // the broker rejected a record before it
                return;
            }
            violations.check(
                    header.lsn() == live.size() && batch.isEmpty(),
                    () -> "P3: " + header + " at offset " + offset + " where LSN " + live.size() + " is next");
            fresh = false;
            return;
        }
        takeData(offset, header, record, at);
    }

    private void takeData(long offset, Stamped header, Outgoing record, LogBatch at) {
        var next = live.size() + batch.size();
        var places = new ArrayList<>(List.of(at));
        var entry = new Entry(record.data(), record.timestampMs(), header.term(), writer(record), places);
        uncommitted.add(header, record, at);
        if (header.copy()) {
            copies++;
        }
        if (header.lsn() > next) {
            violations.check(!fresh, () -> "P3: " + header + " at offset " + offset + " leaves out LSN " + next);
            hole = true;
            batch.clear();
        } else if (header.lsn() < next) {
            violations.check(
                    header.copy() && batch.isEmpty(),
                    () -> "P3: " + header + " at offset " + offset + " uses a number again, next is " + next);
            sameAsBefore(header, entry);
        } else {
            batch.add(entry);
            if (header.more() == 0) {
                deliver();
            }
        }
        fresh = false;
    }

    private static @Nullable String writer(Outgoing record) {
        var text = record.writer() == null ? null : new String(record.writer(), StandardCharsets.US_ASCII);
        return text == null ? null : text.substring(0, text.indexOf('/'));
    }

    private void sameAsBefore(Stamped header, Entry entry) {
        if (header.lsn() < live.size()) {
            var before = live.get((int) header.lsn());
            violations.check(
                    before.data().equals(entry.data()) && before.timestampMs() == entry.timestampMs(),
                    () -> "P3: LSN " + header.lsn() + " was " + before + " and is now " + entry);
            before.batches().addAll(entry.batches());
        }
    }

    private void deliver() {
        for (var entry : batch) {
            var last = lastTimestampMs;
            violations.check(entry.timestampMs() >= last, () -> "time goes back before LSN " + live.size());
            lastTimestampMs = entry.timestampMs();
            live.add(entry);
        }
        batch.clear();
    }

    private void followCommitted(LogBatch at) {
        if (at.outcome() == Outcome.ABORTED) {
            abortedRecords += at.records().size();
            return;
        }
        for (var index = 0; index < at.records().size(); index++) {
            var record = at.records().get(index);
            var offset = at.baseOffset() + index;
            var header = Stamped.read(record.wal());
            if (header == null || header.term() < fromTerm) {
                continue;
            }
            switch (header.kind()) {
                case DATA -> committed(offset, header, record);
                case SNAPSHOT ->
                    violations.check(
                            header.lsn() == committedTail && committedMore == 0,
                            () -> "P7: " + header + " at offset " + offset + " where LSN " + committedTail
                                    + " is next");
                case CLAIM -> judgeClaim(offset, header, instance(record));
                case LEASE -> {}
            }
        }
    }

    private void committed(long offset, Stamped header, Outgoing record) {
        violations.check(
                header.lsn() == committedTail,
                () -> "P7: " + header + " at offset " + offset + " of the committed view, where LSN " + committedTail
                        + " is next");
        violations.check(
                committedMore == 0 || header.more() == committedMore - 1,
                () -> "P5: " + header + " at offset " + offset + " inside a batch that needs " + committedMore
                        + " more");
        violations.check(
                header.lsn() < live.size()
                        && live.get((int) header.lsn()).data().equals(record.data()),
                () -> "P7: " + header + " at offset " + offset + " is not what the live view has");
        committedOffsets.add(offset);
        committedMores.add(header.more());
        committedTail = header.lsn() + 1;
        committedMore = header.more();
    }

    /**
     * A committed claim wins unless something at or above its stamp is committed below it; after a win nothing lower may
     * follow.
     */
    private void judgeClaim(long offset, Stamped claim, @Nullable String instance) {
        var beaten = seen.stream()
                .filter(other -> other.offset() < offset && other.batch().outcome() == Outcome.COMMITTED)
                .filter(other -> !other.header().isBelow(claim))
                .anyMatch(other -> other.header().kind() != Stamped.Kind.CLAIM
                        || instance == null
                        || !instance.equals(other.instance()));
        if (beaten) {
            return;
        }
        winner = claim;
        claimsInPlace += claim.epoch() > 0 ? 1 : 0;
        seen.stream()
                .filter(other -> other.offset() > offset && other.header().kind() != Stamped.Kind.CLAIM)
                .forEach(other -> refuseBelowTheWinner(other.offset(), other.header()));
    }

    /** Returns every record of the log, by LSN. */
    public List<Entry> live() {
        return live;
    }

    /** Returns the LSN after the last committed record. */
    public long committedTail() {
        return committedTail;
    }

    /**
     * Returns whether everything below an LSN is committed or will be: its coordinator has written that decision to its log.
     */
    public boolean isDecidedBelow(long lsn) {
        var undecided = committedTail;
        while (undecided < lsn
                && undecided < live.size()
                && live.get((int) undecided).batches().stream().anyMatch(partition::isDecided)) {
            undecided++;
        }
        return undecided >= lsn;
    }

    /** Returns the LSN of a committed record that is not the first one of its batch; -1 if there is none. */
    long lsnInsideABatch(RandomGenerator random) {
        var inside = IntStream.range(1, committedMores.size())
                .filter(lsn -> committedMores.get(lsn - 1) > 0)
                .toArray();
        return inside.length == 0 ? -1 : inside[random.nextInt(inside.length)];
    }

    /** Returns how many other sessions have written since a session's last write. */
    long sessionsSince(String session) {
        var others = new HashSet<String>();
        for (var at = live.size() - 1; at >= 0 && !session.equals(live.get(at).writer()); at--) {
            var writer = live.get(at).writer();
            if (writer != null) {
                others.add(writer);
            }
        }
        return others.size();
    }

    /** Returns whether a batch is incomplete at the present end of the committed view. */
    public boolean isCommittedBatchCut() {
        return committedMore > 0;
    }

    /** Returns the highest term in the committed view. */
    long highestCommittedTerm() {
        return seen.stream()
                .filter(at -> at.offset() < stableOffset && at.batch().outcome() == Outcome.COMMITTED)
                .mapToLong(at -> at.header().term())
                .max()
                .orElse(-1);
    }

    /** Returns the highest term that won; -1 if none did. */
    public long winningTerm() {
        return winner == null ? -1 : winner.term();
    }

    int claimsInPlace() {
        return claimsInPlace;
    }

    long copies() {
        return copies;
    }

    long abortedRecords() {
        return abortedRecords;
    }
}
