package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.MetaState;
import io.seawall.wal.PChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known at a moment.
 *
 * @param self the id of the node that observes
 * @param state the cluster's state
 * @param memberId this process's member id in Kafka's group, which changes when it joins anew; empty while it is no member
 * @param members the group's last good answer; empty before the first one, and on nodes that do not coordinate
 * @param rates the appended bytes per second of logs, as far as they are known
 * @param hints processes that were reported dead since the last observation
 * @param now the time
 */
public record Situation(
        String self,
        MetaState state,
        String memberId,
        Optional<Members> members,
        Map<PChannel, Long> rates,
        List<Hint> hints,
        Moment now) {
    /**
     * An answer of Kafka's group.
     *
     * @param nodes the ids of its nodes
     * @param answeredMs when the answer came, by the clock of {@link Moment#elapsedMs}
     */
    public record Members(Set<String> nodes, long answeredMs) {
        /** Copies the set. */
        public Members {
            nodes = Set.copyOf(nodes);
        }
    }

    /**
     * A moment.
     *
     * @param elapsedMs milliseconds of a clock that never goes back; all waiting is measured with it
     * @param wall the wall clock, for people and for the end of freezes
     */
    public record Moment(long elapsedMs, Instant wall) {}

    /**
     * A process that is dead: a connection to it was reset, and the next one refused.
     *
     * @param node its node
     * @param incarnation the process
     * @param by the node that reported it
     */
    public record Hint(String node, String incarnation, String by) {}
}
