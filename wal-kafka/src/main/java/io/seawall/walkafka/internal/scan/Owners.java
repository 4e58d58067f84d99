package io.seawall.walkafka.internal.scan;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Keeps the {@link OwnOffsets} of the last stamps that this process owned of each log. They stay after a log has ended, for its next
 * opening. Thread-safe.
 */
public final class Owners {
    /** How many stamps to keep for each log: one that has ended, and the one that takes over from it. */
    private static final int STAMPS = 2;

    private final Map<PChannel, OfTopic> logs = new ConcurrentHashMap<>(); // one for each log that was ever open here

    private record OfTopic(String topicId, List<OwnOffsets> stamps) {
        OfTopic with(OwnOffsets begun) {
            var all = Stream.concat(stamps.stream(), Stream.of(begun)).toList();
            return new OfTopic(topicId, all.subList(Math.max(0, all.size() - STAMPS), all.size()));
        }
    }

    /** What owners in this process know of their own records in one log. */
    public interface Known {
        /** The knowledge of a process that never owned the log. */
        Known NOTHING = entry -> false;

        /**
         * Returns whether the owner whose stamp a record carries certainly did not write it at its offset. False for records without
         * a number, and for stamps whose owner is not in this process.
         */
        boolean disowns(LogEntry entry);

        /**
         * Returns the first offset at which readers found a forged record that no opening has judged; {@link Long#MAX_VALUE} if there
         * is none. An opening has to compare from below it: a snapshot behind it does not show which records readers delivered
         * before.
         */
        default long disputed() {
            return Long.MAX_VALUE;
        }

        /** Notes that from an offset on, owners and readers agree which records count. */
        default void judgedFrom(long offset) {}
    }

    private final class KnownOf implements Known {
        private final PChannel pchannel;
        private final String topicId;

        KnownOf(PChannel pchannel, String topicId) {
            this.pchannel = pchannel;
            this.topicId = topicId;
        }

        @Override
        public boolean disowns(LogEntry entry) {
            return stamps(pchannel, topicId).stream().anyMatch(own -> Owners.disowns(own, entry));
        }

        @Override
        public long disputed() {
            return stamps(pchannel, topicId).stream()
                    .mapToLong(OwnOffsets::disputed)
                    .min()
                    .orElse(Long.MAX_VALUE);
        }

        @Override
        public void judgedFrom(long offset) {
            stamps(pchannel, topicId).forEach(own -> own.judgedFrom(offset));
        }
    }

    /** Adds a stamp that has written its first snapshot. */
    public OwnOffsets begin(PChannel pchannel, String topicId, Stamp stamp, SnapshotAt snapshot) {
        var begun = new OwnOffsets(stamp, snapshot);
        logs.compute(
                pchannel,
                (log, before) -> (before != null && before.topicId().equals(topicId)
                                ? before
                                : new OfTopic(topicId, List.of()))
                        .with(begun));
        return begun;
    }

    /** Returns what owners know of a log. The answers change as they write. */
    public Known of(PChannel pchannel, String topicId) {
        return new KnownOf(pchannel, topicId);
    }

    private List<OwnOffsets> stamps(PChannel pchannel, String topicId) {
        var log = logs.get(pchannel);
        return log != null && log.topicId().equals(topicId) ? log.stamps() : List.of();
    }

    private static boolean disowns(OwnOffsets own, LogEntry entry) {
        var header = entry.header();
        if (header == null || entry.lsn() < 0) {
            return false;
        }
        if (!header.stamp().equals(own.stamp()) || entry.isCopy()) {
            return own.isTooLate(header.stamp(), entry.isCopy(), entry.offset());
        }
        return switch (header.kind()) {
            case DATA -> own.disowns(entry.lsn(), entry.offset());
            case SNAPSHOT -> own.disownsSnapshot(entry.lsn(), entry.offset());
            case LEASE, CLAIM -> false;
        };
    }

    /** Tells the last owner that readers skipped a numbered record of another program. */
    public void passedOver(PChannel pchannel, String topicId, long offset) {
        var log = logs.get(pchannel);
        if (log != null && log.topicId().equals(topicId)) {
            log.stamps().get(log.stamps().size() - 1).passedOver(offset);
        }
    }

    /**
     * Tells the owner of a record's stamp that another program wrote this record, or an earlier one with this stamp.
     *
     * @return false if the owner is not in this process
     */
    public boolean forged(PChannel pchannel, String topicId, LogEntry entry, WalException found) {
        var header = entry.header();
        return header != null
                && stamps(pchannel, topicId).stream()
                        .filter(own -> own.stamp().equals(header.stamp()))
                        .anyMatch(own -> own.forged(entry.offset(), found));
    }
}
