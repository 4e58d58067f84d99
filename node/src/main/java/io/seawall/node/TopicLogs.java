package io.seawall.node;

import io.seawall.lifetime.WalManager;
import io.seawall.node.cluster.ClusterTopics;
import io.seawall.wal.FutureErrors;
import io.seawall.walkafka.admin.Topic;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and closes the logs of a topic while a client waits for a change of that topic. */
final class TopicLogs {
    private static final Logger LOG = LoggerFactory.getLogger(TopicLogs.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private TopicLogs() {}

    /**
     * Returns the logs of a node for which others give out terms: a new topic has none yet, and a topic that is about to be deleted
     * loses those of this node.
     */
    static NodeTopics.Logs manual(WalManager lifetimes) {
        return new NodeTopics.Logs() {
            @Override
            public void open(Topic topic) {}

            @Override
            public void close(String topic) {
                var removals = lifetimes.statuses().stream()
                        .filter(status -> status.pchannel().topic().equals(topic))
                        .filter(status -> status.expected().available())
                        .map(status -> lifetimes.remove(
                                status.pchannel(), status.expected().term()))
                        .toArray(CompletableFuture<?>[]::new);
                // Because an open log ends with an error when its topic is deleted.
                await(
                        CompletableFuture.allOf(removals),
                        topic,
                        "not every pchannel was closed before its topic is deleted");
            }

            @Override
            public void closed(String topic, boolean deleted) {}
        };
    }

    /**
     * Returns the logs of a cluster: an append right after the creation of a topic succeeds, whichever node has the log; a log that
     * is not open in time opens a little later. A topic that was deleted can be created again at once.
     */
    static NodeTopics.Logs ofCluster(ClusterTopics topics) {
        return new NodeTopics.Logs() {
            @Override
            public void open(Topic topic) {
                await(
                        topics.added(topic.name(), topic.pchannels()),
                        topic.name(),
                        "not every pchannel was open when its topic's creation was answered");
            }

            @Override
            public void close(String topic) {
                await(topics.deleting(topic), topic, "not every pchannel was closed before its topic is deleted");
            }

            @Override
            public void closed(String topic, boolean deleted) {
                await(
                        topics.deleted(topic, deleted),
                        topic,
                        "the cluster had not removed the topic when its deletion was answered");
            }
        };
    }

    private static void await(CompletableFuture<Void> done, String topic, String otherwise) {
        done.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    LOG.atWarn()
                            .addKeyValue("topic", topic)
                            .addKeyValue("error", FutureErrors.text(late))
                            .log(otherwise);
                    return null;
                })
                .join();
    }
}
