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
 * What this process knows as an owner of logs: of the last stamps of each log, where their records are. Kept after such a log ended,
 * for the next opening. Thread-safe.
 */
public final class Owners {
    /** One that ended, and one that takes over from it. */
    private static final int STAMPS = 2;

    private final Map<PChannel, OfTopic> logs = new ConcurrentHashMap<>(); // as many as were ever open here

    private record OfTopic(String topicId, List<OwnOffsets> stamps) {
        OfTopic with(OwnOffsets begun) {
            var all = Stream.concat(stamps.stream(), Stream.of(begun)).toList();
            return new OfTopic(topicId, all.subList(Math.max(0, all.size() - STAMPS), all.size()));
        }
    }

    /** What owners in this process know of one log. */
    public interface Known {
        /** Nothing. */
        Known NOTHING = entry -> false;

        /** Whether it is known that this record's owner did not write it there; false for what has no number, and where nothing is known. */
        boolean disowns(LogEntry entry);

        /**
         * The first offset at which readers found a record that they did not expect. Somebody who is to go on with the log has to
         * compare from below it: a snapshot behind it does not show which records readers took before. {@link Long#MAX_VALUE} if
         * there is none.
         */
        default long disputed() {
            return Long.MAX_VALUE;
        }

        /** Notes that what owners wrote and what readers see is the same, from an offset on. */
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

    /** A stamp begins to write. */
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

    /** What is known of a log; asked anew each time. */
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

    /** Tells the last owner that readers passed over a record with a number that no owner wrote. */
    public void passedOver(PChannel pchannel, String topicId, long offset) {
        var log = logs.get(pchannel);
        if (log != null && log.topicId().equals(topicId)) {
            log.stamps().get(log.stamps().size() - 1).passedOver(offset);
        }
    }

    /**
     * Tells the owner of a record's stamp that another program wrote that record, or one before it with that stamp.
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
