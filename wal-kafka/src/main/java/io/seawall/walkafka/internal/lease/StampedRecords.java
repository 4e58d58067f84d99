package io.seawall.walkafka.internal.lease;

import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.format.BackwardsText;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeaderCodec;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import io.seawall.walkafka.port.Time;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates the records of one stamp. CreateTime never decreases within a log. Used on the mailbox only. */
final class StampedRecords {
    private final Stamp stamp;
    private final ControlBody.Author author;
    private final Time time;
    private final BackwardsText text = new BackwardsText();
    private long lastTimestampMs;

    /**
     * Creates a source of records.
     *
     * @param stamp the writer's stamp
     * @param author the author in control records
     * @param lastTimestampMs the highest CreateTime in the log, in milliseconds since the epoch
     * @param time the clock
     */
    StampedRecords(Stamp stamp, ControlBody.Author author, long lastTimestampMs, Time time) {
        this.stamp = stamp;
        this.author = author;
        this.lastTimestampMs = lastTimestampMs;
        this.time = time;
    }

    Outgoing lease(SnapshotAt snapshot) {
        return own(new WalHeader.Lease(stamp), ControlBody.lease(snapshot.offset()));
    }

    Outgoing snapshot(long lsn, long oldest, @Nullable String storeId, WriterSessions sessions) {
        var body = new ControlBody.Snapshot(author, author.instance(), oldest, storeId, false);
        return own(new WalHeader.Snapshot(stamp, lsn), body.toBytes(sessions.sessions()));
    }

    private Outgoing own(WalHeader header, byte[] body) {
        return WalHeaderCodec.outgoing(header, timestampMs(), new WalRecord(null, body, List.of()));
    }

    /**
     * Sends the records of an append, with consecutive LSNs from {@code first} on.
     *
     * @return their CreateTime in milliseconds since the epoch
     */
    long data(PendingAppend append, long first, LaneProducer to, LaneProducer.Acknowledged callback) {
        var batch = append.batch();
        var session = WalHeaderCodec.writeWriter(append.request().writer());
        var timestampMs = timestampMs();
        for (var index = 0; index < batch.size(); index++) {
            var header = batch.size() == 1
                    ? WalHeader.Data.single(stamp, first)
                    : WalHeader.Data.member(stamp, first + index, batch.size() - 1 - index);
            to.send(new Outgoing(WalHeaderCodec.data(header, text), session, timestampMs, batch.get(index)), callback);
        }
        return timestampMs;
    }

    private long timestampMs() {
        lastTimestampMs = Math.max(lastTimestampMs, time.wallMs());
        return lastTimestampMs;
    }
}
