package io.seawall.clustersim;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The brokers' side of Kafka's classic group of static members, a model: sessions, generations, rebalances that wait for every
 * member, a member that is replaced by the next process of its node, removal, deletion, and a coordinator that loads the group.
 */
final class GroupModel {
    private final World world;
    private final long sessionMs;
    private final TreeMap<String, Member> members = new TreeMap<>();
    private long joins;
    private long rebalanceMs = -1;
    private String holder = "";
    private boolean loading;
    private long disturbedMs = -1;

    /** A static member. */
    private static final class Member {
        private final String id;
        private long heardMs;

        Member(String id, long heardMs) {
            this.id = id;
            this.heardMs = heardMs;
        }
    }

    /** What a member learns from a heartbeat. */
    enum Answer {
        MEMBER,
        HOLDER,
        UNKNOWN,
        NONE
    }

    GroupModel(World world, long sessionMs) {
        this.world = world;
        this.sessionMs = sessionMs;
    }

    /** Takes a process in; returns its member id, or an empty text while the group is loaded. */
    String join(String node) {
        if (loading) {
            return "";
        }
        joins++;
        var known = members.put(node, new Member(node + "-member-" + joins, world.nowMs()));
        if (known == null) {
            rebalance();
        }
        return node + "-member-" + joins;
    }

    /** Another process of the node may have joined meanwhile: then its id is fenced. */
    Answer heartbeat(String node, String memberId) {
        if (loading) {
            return Answer.NONE;
        }
        var member = members.get(node);
        if (member == null || !member.id.equals(memberId)) {
            return Answer.UNKNOWN;
        }
        member.heardMs = world.nowMs();
        return node.equals(holder) ? Answer.HOLDER : Answer.MEMBER;
    }

    /** Lets time pass: drops silent members, and ends a rebalance that all members took part in. */
    void tick() {
        if (loading) {
            return;
        }
        if (members.values().removeIf(member -> world.nowMs() - member.heardMs >= sessionMs)) {
            rebalance();
        }
        if (rebalanceMs >= 0 && members.values().stream().allMatch(member -> member.heardMs > rebalanceMs)) {
            rebalanceMs = -1;
            if (!members.containsKey(holder)) {
                List<String> nodes = new ArrayList<>(members.keySet());
                holder = nodes.isEmpty() ? "" : nodes.get(world.random().nextInt(nodes.size()));
                world.count("elections");
                world.tell(() -> "the group gives its partition to " + holder);
            }
        }
    }

    private void rebalance() {
        rebalanceMs = world.nowMs();
    }

    void remove(String node) {
        if (!loading && members.remove(node) != null) {
            world.count("removals");
            rebalance();
        }
    }

    /** A process leaves by itself. */
    void leave(String node, String memberId) {
        var member = members.get(node);
        if (member != null && member.id.equals(memberId)) {
            remove(node);
        }
    }

    void delete() {
        members.clear();
        holder = "";
        disturbedMs = world.nowMs();
    }

    void loading(boolean now) {
        if (loading && !now) {
            members.values().forEach(member -> member.heardMs = world.nowMs());
        }
        loading = now;
        disturbedMs = world.nowMs();
    }

    /** Returns when the group was last deleted or loaded. */
    long disturbedMs() {
        return loading ? world.nowMs() : disturbedMs;
    }

    boolean contains(String node, String memberId) {
        var member = members.get(node);
        return member != null && member.id.equals(memberId);
    }

    /** Answers as Kafka does. While the group is loaded, an answer has some of the members, and not yet the coordinator. */
    Set<String> describe() {
        return new TreeSet<>(loading ? members.tailMap(holder, false).keySet() : members.keySet());
    }
}
