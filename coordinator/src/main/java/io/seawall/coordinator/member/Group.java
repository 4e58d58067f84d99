package io.seawall.coordinator.member;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Kafka's consumer group of the cluster's nodes. Each node is a static member whose instance id is the node's id; the member that
 * holds the meta topic's partition coordinates. Thread-safe; no method but {@link #close} blocks.
 */
public interface Group extends AutoCloseable {
    /**
     * Joins the group, and joins it anew whenever the membership is lost. Called once.
     *
     * @param listener learns what becomes of the membership
     */
    void join(Listener listener);

    /**
     * Asks the group for its members.
     *
     * @return the ids of the nodes; fails with a {@link io.seawall.wal.WalException} if the group does not answer in time
     */
    CompletableFuture<Set<String>> members();

    /**
     * Removes the member of a process that is dead, so that the group elects without waiting for its session to end.
     *
     * @param node the node's id
     * @return completes when the group has removed it, or did not have it; fails with a {@link io.seawall.wal.WalException}
     */
    CompletableFuture<Void> remove(String node);

    /** Leaves the group, so that it elects at once, and releases everything. Blocks for a bounded time. */
    @Override
    void close();

    /** Learns what becomes of the membership. Called by one thread, in order; must not block. */
    interface Listener {
        /**
         * The process became a member, or joined anew.
         *
         * @param memberId its id, which is different each time
         */
        void onJoined(String memberId);

        /** The process is no member any more, and tries to join anew. */
        void onLost();

        /** The process was given the meta topic's partition. */
        void onElected();

        /** The process lost the partition, or cannot know whether it still has it. */
        void onDeposed();
    }
}
