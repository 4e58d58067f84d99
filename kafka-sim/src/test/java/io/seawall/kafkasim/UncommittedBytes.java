package io.seawall.kafkasim;

import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.util.ArrayList;
import java.util.List;

/** Counts the bytes of an owner's appends in uncommitted transactions: a takeover has to write them again. */
final class UncommittedBytes {
    private final SimPartition partition;
    private final Violations violations;
    private final long cap;
    private final List<Open> open = new ArrayList<>();
    private long largest; // the largest append, which may exceed the cap

    /** A record of an append whose transaction was undecided at the last check. */
    private record Open(Stamped header, int sizeBytes, LogBatch batch) {}

    UncommittedBytes(SimPartition partition, Violations violations, long cap) {
        this.partition = partition;
        this.violations = violations;
        this.cap = cap;
    }

    /** Adds the next record of the log; copies have another bound. */
    void add(Stamped header, Outgoing record, LogBatch batch) {
        if (!header.copy()) {
            open.add(new Open(header, record.data().sizeBytes(), batch));
            largest = Math.max(largest, (long) record.data().sizeBytes() * (1 + header.more()));
        }
    }

    /** Checks the current bytes; those of earlier owners do not count. */
    void check() {
        if (open.isEmpty()) {
            return;
        }
        var last = open.get(open.size() - 1).header();
        open.removeIf(each -> !each.header().sameStamp(last)
                || each.batch().outcome() != LogBatch.Outcome.OPEN
                || partition.isDecided(each.batch()));
        var bytes = open.stream().mapToLong(Open::sizeBytes).sum();
        violations.check(
                bytes <= cap + largest,
                () -> "bound: " + bytes + " bytes of appends are uncommitted, with a cap of " + cap + " and appends of "
                        + largest);
    }
}
