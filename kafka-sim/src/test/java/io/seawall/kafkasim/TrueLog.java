package io.seawall.kafkasim;

import io.seawall.kafkasim.Batch.Outcome;
import io.seawall.wal.Record;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a log really holds, followed in the partition itself and not through a reader: the live sequence, the committed one, and
 * who won. Checks P1, P3, P5 and P7 on every record.
 */
final class TrueLog {
    private static final Pattern INSTANCE = Pattern.compile("\"instance\":\"([^\"]*)\"");

    private final SimPartition partition;
    private final Violations violations;
    private final List<Entry> live = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private final List<Entry> batch = new ArrayList<>();
    private @Nullable Stamped highest;
    private boolean hole;
    private boolean fresh;
    private long liveOffset;
    private @Nullable Stamped winner;
    private long stableOffset;
    private long committedTail;
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
     * @param term who wrote it first
     */
    record Entry(Record data, long timestampMs, long term) {}

    /** A record of ours at its offset. */
    private record Seen(
            long offset, Stamped header, @Nullable String instance, Batch batch) {}

    TrueLog(SimPartition partition, Violations violations) {
        this.partition = partition;
        this.violations = violations;
    }

    /** Follows the partition to where it stands now. */
    void catchUp() {
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
    }

    private void follow(Batch at) {
        for (var index = 0; index < at.records().size(); index++) {
            var record = at.records().get(index);
            var header = Stamped.read(record.wal());
            if (header != null) {
                var offset = at.baseOffset() + index;
                seen.add(new Seen(offset, header, instance(record), at));
                if (header.kind() != Stamped.Kind.CLAIM) {
                    noneBelowTheWinner(offset, header);
                    take(offset, header, record);
                }
            }
        }
    }

    private static @Nullable String instance(Outgoing record) {
        var value = record.data().value();
        var found = INSTANCE.matcher(value == null ? "" : new String(value, StandardCharsets.UTF_8));
        return found.find() ? found.group(1) : null;
    }

    private void noneBelowTheWinner(long offset, Stamped header) {
        var top = winner;
        violations.check(
                top == null || !header.isBelow(top),
                () -> "P1: " + header + " at offset " + offset + " after the winning claim of " + top);
    }

    /** Applies docs/protocol.md#live-rule. */
    private void take(long offset, Stamped header, Outgoing record) {
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
                hole = true; // a record before it was refused by the broker
                return;
            }
            violations.check(
                    header.lsn() == live.size() && batch.isEmpty(),
                    () -> "P3: " + header + " at offset " + offset + " where LSN " + live.size() + " is next");
            fresh = false;
            return;
        }
        takeData(offset, header, record);
    }

    private void takeData(long offset, Stamped header, Outgoing record) {
        var next = live.size() + batch.size();
        var entry = new Entry(record.data(), record.timestampMs(), header.term());
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

    private void sameAsBefore(Stamped header, Entry entry) {
        if (header.lsn() < live.size()) {
            var before = live.get((int) header.lsn());
            violations.check(
                    before.data().equals(entry.data()) && before.timestampMs() == entry.timestampMs(),
                    () -> "P3: LSN " + header.lsn() + " was " + before + " and is now " + entry);
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

    private void followCommitted(Batch at) {
        if (at.outcome() == Outcome.ABORTED) {
            abortedRecords += at.records().size();
            return;
        }
        for (var index = 0; index < at.records().size(); index++) {
            var record = at.records().get(index);
            var offset = at.baseOffset() + index;
            var header = Stamped.read(record.wal());
            if (header == null) {
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
        committedTail = header.lsn() + 1;
        committedMore = header.more();
    }

    /** A committed claim wins unless something at or above its stamp is committed below it; from then on nothing lower may come. */
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
                .forEach(other -> noneBelowTheWinner(other.offset(), other.header()));
    }

    /** Every record of the log, by LSN. */
    List<Entry> live() {
        return live;
    }

    /** The LSN after the last committed record. */
    long committedTail() {
        return committedTail;
    }

    /** Whether a batch of the committed view is cut off at its present end. */
    boolean isCommittedBatchCut() {
        return committedMore > 0;
    }

    /** The highest term that the committed view has shown. */
    long highestCommittedTerm() {
        return seen.stream()
                .filter(at -> at.offset() < stableOffset && at.batch().outcome() == Outcome.COMMITTED)
                .mapToLong(at -> at.header().term())
                .max()
                .orElse(-1);
    }

    /** The highest term that won; -1 if none did. */
    long winningTerm() {
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
