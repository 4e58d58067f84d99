package io.seawall.node.cluster;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.placement.Command;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which of the cluster's topics Kafka did not list, and since when, as a value. A broker's answer may lag behind, so a topic counts
 * as deleted only after two answers without it that are {@link #APART} from each other. The same for a topic that has fewer
 * pchannels than before: it was deleted and created again.
 *
 * @param missingNanos when each of these topics was first missing, by a monotonic clock
 */
record TopicSightings(Map<String, Long> missingNanos) {
    static final Duration APART = Duration.ofSeconds(1);
    static final TopicSightings NONE = new TopicSightings(Map.of());

    /**
     * What follows from an answer.
     *
     * @param next the next value
     * @param commands what to ask the coordinator for
     */
    record Step(TopicSightings next, List<Command> commands) {}

    /**
     * Compares Kafka's topics with those of the cluster.
     *
     * @param listed Kafka's answer
     * @param state the cluster's state
     * @param deleting topics that are being deleted, and so are not to be added again
     * @param nowNanos when the answer came, by a monotonic clock
     */
    Step after(Collection<Topic> listed, MetaState state, Collection<String> deleting, long nowNanos) {
        var commands = new ArrayList<Command>();
        var there = new TreeMap<String, Integer>();
        for (var topic : listed) {
            there.put(topic.name(), topic.pchannels());
            if (topic.pchannels() > known(state, topic.name())
                    && topic.pchannels() <= MetaRecord.MOST_PCHANNELS
                    && !state.isUnreadable(MetaKey.topic(topic.name()))
                    && !deleting.contains(topic.name())) {
                commands.add(new Command.AddTopic(topic.name(), topic.pchannels()));
            }
        }
        var missing = new TreeMap<String, Long>();
        for (var name : names(state)) {
            if (there.getOrDefault(name, 0) < known(state, name)) {
                long since = missingNanos.getOrDefault(name, nowNanos);
                missing.put(name, since);
                if (nowNanos - since >= APART.toNanos()) {
                    commands.add(new Command.RemoveTopic(name));
                }
            }
        }
        return new Step(new TopicSightings(Map.copyOf(missing)), List.copyOf(commands));
    }

    private static int known(MetaState state, String name) {
        return state.topic(name).map(MetaRecord.Topic::pchannels).orElse(0);
    }

    private static TreeSet<String> names(MetaState state) {
        var names = new TreeSet<String>();
        for (PChannel pchannel : state.pchannels()) {
            names.add(pchannel.topic());
        }
        return names;
    }
}
