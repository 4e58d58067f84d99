package io.seawall.coordinator.member;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaState;
import java.util.Optional;
import java.util.Set;

/**
 * What a process knows about the cluster at one moment. Immutable.
 *
 * @param self this node and its process
 * @param state the state as far as it was read
 * @param current whether the process has read all that was written before its start; before that it opens nothing
 * @param role this node's role for people: {@code follower}, {@code fencing}, {@code announcing}, {@code leading}, {@code writing}
 * @param leading whether this node decides
 * @param memberId this process's member id in Kafka's group; empty while it is no member
 * @param members the nodes of the group by its last good answer; empty on nodes that do not coordinate
 */
public record ClusterView(
        Owner self,
        MetaState state,
        boolean current,
        String role,
        boolean leading,
        String memberId,
        Optional<Set<String>> members) {}
