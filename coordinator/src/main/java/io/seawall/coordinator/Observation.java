package io.seawall.coordinator;

import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.coordinator.placement.Situation.Moment;
import io.seawall.wal.PChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node observes beside the meta topic.
 *
 * @param memberId this process's member id in Kafka's group, which changes when it joins anew; empty while it is no member
 * @param members the ids of the group's nodes; empty if the group did not answer. An answer without this node is ignored: a group
 *     that is being loaded answers with a part of its members
 * @param rates the appended bytes per second of logs, as far as they are known
 * @param hints processes that were reported dead since the last observation
 * @param now the time
 */
public record Observation(
        String memberId, Optional<Set<String>> members, Map<PChannel, Long> rates, List<Hint> hints, Moment now) {}
