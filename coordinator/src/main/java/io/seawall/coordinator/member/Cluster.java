package io.seawall.coordinator.member;

import io.seawall.coordinator.Explanation;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.wal.PChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The cluster, as the rest of a node sees it. Thread-safe; no method blocks. */
public interface Cluster {
    /** Returns what this process knows now. */
    ClusterView view();

    /**
     * Adds a listener. It is called at once with the present view, and after each change of the state or of this node's role, in
     * order, by one thread. It must not block.
     */
    void addListener(Consumer<ClusterView> listener);

    /**
     * Asks for a change. Only the coordinator can make one.
     *
     * @param command the change
     * @return completes when this node has read the change, or at once if there is nothing to change; fails with
     *     {@link io.seawall.wal.ErrorCode#UNAVAILABLE} if this node does not coordinate or lost that role meanwhile, and with
     *     the errors of {@link io.seawall.coordinator.placement.Planner#decide}
     */
    CompletableFuture<Void> command(Command command);

    /**
     * Explains a log.
     *
     * @param pchannel the log
     * @return the explanation; empty if the cluster has no such log
     */
    Optional<Explanation> explain(PChannel pchannel);

    /**
     * Reports what became of a term on this process. A later report of the same log replaces one that was not written yet; a
     * report is repeated until it is written.
     *
     * @param status the report
     */
    void report(Status status);

    /**
     * Reports a process that is dead: a connection to it ended without a word, and the next attempt was refused.
     *
     * @param hint the process
     */
    void suspect(Hint hint);

    /**
     * Reports the byte rates of logs, as far as their owners reported them.
     *
     * @param bytesPerSecond the rate of each log; replaces what was reported before for the same logs
     */
    void rates(Map<PChannel, Long> bytesPerSecond);

    /** Announces that this process is about to end, so that its logs are handed over. */
    void leave();
}
