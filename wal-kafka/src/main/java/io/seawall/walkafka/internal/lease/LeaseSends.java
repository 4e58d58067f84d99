package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.internal.format.SessionBatch;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.internal.scan.OwnOffsets;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.util.function.LongConsumer;

/** Numbers the records of an owner, sends them into the transaction of a lane, and enters them in flight. Mailbox only. */
final class LeaseSends {
    private final StampedRecords records;
    private final long term;
    private final InFlight inFlight;
    private final Acknowledgements acknowledgements;
    private final SnapshotDuty snapshots;
    private final LeaseEvents events;
    private final OwnOffsets own;
    private final WriterSessions sessions; // behind everything that was sent
    private long next; // the next LSN to assign

    LeaseSends(
            OpenedLog log,
            StampedRecords records,
            InFlight inFlight,
            Acknowledgements acknowledgements,
            SnapshotDuty snapshots,
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

    /** Returns the LSN behind everything that was ever sent. */
    long next() {
        return next;
    }

    /** Sends an append. */
    void append(LaneTransaction book, PendingAppend append) {
        var batch = append.batch();
        var entry = new InFlight.Entry(append, next, batch.size(), append.sizeBytes());
        inFlight.add(entry);
        next += batch.size();
        own.sent(next);
        var timestampMs =
                records.data(append, entry.first(), book.producer(), acknowledgements.of(entry, batch.size()));
        var writer = append.request().writer();
        if (writer != null) {
            sessions.replay(new SessionBatch(writer, term, entry.first(), batch.size(), timestampMs));
        }
        book.sent(append.sizeBytes(), next);
        snapshots.sent(append.sizeBytes());
    }

    /** Sends a snapshot of everything that was sent before it. */
    void snapshot(LaneTransaction book) {
        var lsn = next;
        var named = snapshots.storeId();
        var record = snapshots.next(records, lsn, sessions);
        own(book, record, offset -> book.snapshot(new SnapshotAt(offset, lsn, named)));
    }

    /** Sends a lease record. */
    void lease(LaneTransaction book) {
        own(book, lease(), offset -> {});
    }

    /** Returns a lease record, which the caller sends. */
    Outgoing lease() {
        return records.lease(snapshots.last());
    }

    private void own(LaneTransaction book, Outgoing record, LongConsumer acknowledged) {
        var sizeBytes = record.data().sizeBytes();
        var entry = new InFlight.Entry(null, next, 0, sizeBytes);
        inFlight.add(entry);
        book.sent(sizeBytes, next);
        book.producer().send(record, (offset, fault) -> {
            if (fault == null) {
                events.post(() -> acknowledged.accept(offset));
            }
            acknowledgements.note(entry, offset, fault);
        });
    }
}
