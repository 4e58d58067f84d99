package io.seawall.kafkasim;

import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.util.ArrayList;
import java.util.List;

/** How many bytes of appends an owner has in transactions that are not committed: a takeover has to write them again. */
final class UncommittedBytes {
    private final SimPartition partition;
    private final Violations violations;
    private final long cap;
    private final List<Open> open = new ArrayList<>();
    private long largest; // the largest append, which may go beyond the cap

    /** A record of an append whose transaction is not decided, or was not when it was looked at last. */
    private record Open(Stamped header, int sizeBytes, Batch batch) {}

    UncommittedBytes(SimPartition partition, Violations violations, long cap) {
        this.partition = partition;
        this.violations = violations;
        this.cap = cap;
    }

    /** Takes the next record of the log; copies are bounded by other means. */
    void add(Stamped header, Outgoing record, Batch batch) {
        if (!header.copy()) {
            open.add(new Open(header, record.data().sizeBytes(), batch));
            largest = Math.max(largest, (long) record.data().sizeBytes() * (1 + header.more()));
        }
    }

    /** Checks what is there now; of earlier owners nothing counts. */
    void check() {
        if (open.isEmpty()) {
            return;
        }
        var last = open.get(open.size() - 1).header();
        open.removeIf(each -> !each.header().sameStamp(last)
                || each.batch().outcome() != Batch.Outcome.OPEN
                || partition.isDecided(each.batch()));
        var bytes = open.stream().mapToLong(Open::sizeBytes).sum();
        violations.check(
                bytes <= cap + largest,
                () -> "bound: " + bytes + " bytes of appends are uncommitted, with a cap of " + cap + " and appends of "
                        + largest);
    }
}
