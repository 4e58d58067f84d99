package io.seawall.walkafka;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What this process knows as an owner of logs: of the last stamps of each log, where their records are. Also after such a log ended,
 * for whoever opens it next. For any thread.
 */
final class Owners {
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
    interface Known {
        /** Nothing. */
        Known NOTHING = entry -> false;

        /** Whether it is known that this record's owner did not write it there; false for what has no number, and where nothing is known. */
        boolean disowns(LogEntry entry);
    }

    /** A stamp begins to write. */
    OwnOffsets begin(PChannel pchannel, String topicId, Stamp stamp, SnapshotAt snapshot) {
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
    Known of(PChannel pchannel, String topicId) {
        return entry -> {
            var log = logs.get(pchannel);
            return log != null
                    && log.topicId().equals(topicId)
                    && log.stamps().stream().anyMatch(own -> disowns(own, entry));
        };
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
    void passedOver(PChannel pchannel, String topicId, long offset) {
        var log = logs.get(pchannel);
        if (log != null && log.topicId().equals(topicId)) {
            log.stamps().get(log.stamps().size() - 1).passedOver(offset);
        }
    }

    /**
     * Tells the owner of a stamp that another program wrote records of that stamp.
     *
     * @return false if the owner is not in this process
     */
    boolean forged(PChannel pchannel, String topicId, Stamp stamp, WalException found) {
        var log = logs.get(pchannel);
        return log != null
                && log.topicId().equals(topicId)
                && log.stamps().stream()
                        .filter(own -> own.stamp().equals(stamp))
                        .anyMatch(own -> own.forged(found));
    }
}
