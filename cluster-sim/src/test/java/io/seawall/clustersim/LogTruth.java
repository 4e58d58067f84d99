package io.seawall.clustersim;

import io.seawall.kafkasim.SimHistory;
import io.seawall.kafkasim.SimPartition;
import io.seawall.kafkasim.TrueLog;
import io.seawall.kafkasim.Violations;
import io.seawall.wal.PChannel;

/** One log: its partition, what is really in it, and what its callers were told. */
final class LogTruth {
    private final SimPartition partition;
    private final TrueLog log;
    private final SimHistory history;
    private long ackedTerm = -1;

    LogTruth(World world, PChannel pchannel, Violations violations) {
        this.partition = world.kafka().createTopic(pchannel);
        this.log =
                new TrueLog(partition, violations, 0, world.settings().lease().uncommittedBytes());
        this.history = new SimHistory(log, violations);
    }

    SimPartition partition() {
        return partition;
    }

    TrueLog log() {
        return log;
    }

    SimHistory history() {
        return history;
    }

    /** Returns the highest term at which a caller was told that its append is in the log. */
    long ackedTerm() {
        return ackedTerm;
    }

    void acknowledged(long term) {
        ackedTerm = Math.max(ackedTerm, term);
    }
}
