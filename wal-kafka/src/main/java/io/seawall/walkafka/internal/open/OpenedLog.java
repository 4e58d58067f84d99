package io.seawall.walkafka.internal.open;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.internal.scan.OwnOffsets;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneProducer;
import java.util.Map;

/**
 * The result of an opening: both lanes are initialized, no transaction is open, everything below {@code tail} is committed.
 *
 * @param pchannel the log
 * @param stamp the term and epoch that were claimed
 * @param lanes both producers; the writer closes them
 * @param tail the next LSN
 * @param oldest the oldest LSN
 * @param snapshot the committed snapshot of this opening
 * @param lastTimestampMs the highest CreateTime in the log
 * @param sessions the writer sessions after the last record below {@code tail}; the receiver may change them
 * @param republished how many records were written again
 * @param own the offsets of the stamp's records; the writer adds to it
 */
public record OpenedLog(
        PChannel pchannel,
        Stamp stamp,
        Map<Lane, LaneProducer> lanes,
        long tail,
        long oldest,
        SnapshotAt snapshot,
        long lastTimestampMs,
        WriterSessions sessions,
        long republished,
        OwnOffsets own) {
    public void close() {
        lanes.values().forEach(LaneProducer::close);
    }
}
