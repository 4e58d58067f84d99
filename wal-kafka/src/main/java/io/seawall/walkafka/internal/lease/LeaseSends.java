package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.internal.format.SessionBatch;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.internal.scan.OwnOffsets;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.util.function.LongConsumer;

/** Sends appends and control records into the transaction of a lane, and gives appends their LSNs. Used on the mailbox only. */
final class LeaseSends {
    private final StampedRecords records;
    private final long term;
    private final InFlight inFlight;
    private final Acknowledgements acknowledgements;
    private final SnapshotSchedule snapshots;
    private final LeaseEvents events;
    private final OwnOffsets own;
    private final WriterSessions sessions; // as they are after everything that was sent
    private long next;

    LeaseSends(
            OpenedLog log,
            StampedRecords records,
            InFlight inFlight,
            Acknowledgements acknowledgements,
            SnapshotSchedule snapshots,
            LeaseEvents events) {
        this.records = records;
        this.term = log.stamp().term();
        this.inFlight = inFlight;
        this.acknowledgements = acknowledgements;
        this.snapshots = snapshots;
        this.events = events;
        this.own = log.own();
        this.sessions = log.sessions();
        this.next = log.tail();
    }

    /** Returns the next LSN to assign. */
    long next() {
        return next;
    }

    /** Sends an append. */
    void append(LaneTransaction transaction, PendingAppend append) {
        var batch = append.batch();
        var entry = new InFlight.Entry(append, next, batch.size(), append.sizeBytes());
        inFlight.add(entry);
        next += batch.size();
        own.sent(next);
        var timestampMs =
                records.data(append, entry.first(), transaction.producer(), acknowledgements.of(entry, batch.size()));
        var writer = append.request().writer();
        if (writer != null) {
            sessions.replay(new SessionBatch(writer, term, entry.first(), batch.size(), timestampMs));
        }
        transaction.sent(append.sizeBytes(), next);
        snapshots.sent(append.sizeBytes());
    }

    /** Sends a snapshot that covers everything sent before it. */
    void snapshot(LaneTransaction transaction) {
        var lsn = next;
        var named = snapshots.storeId();
        var record = snapshots.next(records, lsn, sessions);
        control(transaction, record, offset -> transaction.snapshot(new SnapshotAt(offset, lsn, named)));
    }

    /** Sends a lease record. */
    void lease(LaneTransaction transaction) {
        control(transaction, lease(), offset -> {});
    }

    /** Returns a lease record, which the caller sends. */
    Outgoing lease() {
        return records.lease(snapshots.last());
    }

    private void control(LaneTransaction transaction, Outgoing record, LongConsumer acknowledged) {
        var sizeBytes = record.data().sizeBytes();
        var entry = new InFlight.Entry(null, next, 0, sizeBytes);
        inFlight.add(entry);
        transaction.sent(sizeBytes, next);
        transaction.producer().send(record, (offset, fault) -> {
            if (fault == null) {
                events.post(() -> acknowledged.accept(offset));
            }
            acknowledgements.note(entry, offset, fault);
        });
    }
}
