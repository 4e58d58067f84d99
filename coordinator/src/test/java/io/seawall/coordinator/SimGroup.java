package io.seawall.coordinator;

import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Kafka's group of static members: it drops those that are silent for a session, and gives the partition to one of the others. */
final class SimGroup {
    private final long sessionMs;
    private final TreeMap<String, Long> heartbeats = new TreeMap<>();
    private long joins;
    private String holder = "";
    private boolean loading;

    SimGroup(long sessionMs) {
        this.sessionMs = sessionMs;
    }

    /** Takes a process in, also one of a node that is a member already; returns its member id. */
    String join(String node, long nowMs) {
        joins++;
        heartbeats.put(node, nowMs);
        rebalance();
        return node + "-member-" + joins;
    }

    void heartbeat(String node, long nowMs) {
        heartbeats.put(node, nowMs);
    }

    void expire(long nowMs) {
        if (heartbeats.values().removeIf(last -> nowMs - last >= sessionMs)) {
            rebalance();
        }
    }

    /** What a peer does with Kafka's Admin API. */
    void remove(String node) {
        if (heartbeats.remove(node) != null) {
            rebalance();
        }
    }

    /** An operator deletes the group. */
    void delete() {
        heartbeats.clear();
        holder = "";
    }

    void loading(boolean now) {
        loading = now;
    }

    private void rebalance() {
        if (!heartbeats.containsKey(holder)) {
            holder = heartbeats.isEmpty() ? "" : heartbeats.firstKey();
        }
    }

    String holder() {
        return holder;
    }

    boolean contains(String node) {
        return heartbeats.containsKey(node);
    }

    /** Answers as Kafka does. While the group is loaded, an answer has some of the members, and not yet the coordinator. */
    Set<String> describe() {
        return new TreeSet<>(loading ? heartbeats.tailMap(holder, false).keySet() : heartbeats.keySet());
    }
}
