package io.seawall.node;

import io.seawall.node.ports.TopicCatalog;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.walkafka.admin.KafkaTopics;
import java.util.List;

/** Manages the topics in Kafka on behalf of the HTTP layer. */
final class KafkaTopicCatalog implements TopicCatalog {
    private final TopicStore topics;
    private final boolean mayCreate;
    private final Logs logs;

    /**
     * Creates a catalog.
     *
     * @param topics the topics in Kafka
     * @param mayCreate whether topics may be created, grown and deleted
     * @param logs opens and closes the node's logs of these topics
     */
    KafkaTopicCatalog(TopicStore topics, boolean mayCreate, Logs logs) {
        this.topics = topics;
        this.mayCreate = mayCreate;
        this.logs = logs;
    }

    /** Opens and closes the node's logs of a topic. Both methods block for a bounded time and never fail. */
    interface Logs {
        /** Opens the logs of a topic that is new or has grown, as far as this node is to own them. */
        void open(String topic);

        /** Closes the open logs of a topic that is about to be deleted. */
        void close(String topic);
    }

    @Override
    public Outcome create(String topic, Wanted wanted) {
        refuseUnlessAllowed("create topic " + topic);
        var replicas = wanted.replicationFactor();
        var result = topics.create(
                new KafkaTopics.Spec(topic, wanted.pchannels(), replicas == null ? 0 : replicas, wanted.compression()));
        if (result.created() == KafkaTopics.Created.NEW || result.created() == KafkaTopics.Created.GROWN) {
            logs.open(topic);
        }
        var now = toTopic(result.topic());
        return switch (result.created()) {
            case NEW -> new Done(Kind.CREATED, now);
            case SAME -> new Done(Kind.SAME, now);
            case GROWN -> new Done(Kind.GROWN, now);
            case CONFLICT -> new Conflict(now);
        };
    }

    @Override
    public void delete(String topic) {
        refuseUnlessAllowed("delete topic " + topic);
        if (topics.describeNow(topic).isPresent()) {
            logs.close(topic);
        }
        topics.delete(topic);
    }

    @Override
    public List<Topic> list() {
        return topics.list().stream().map(KafkaTopicCatalog::toTopic).toList();
    }

    private static Topic toTopic(KafkaTopics.Info info) {
        return new Topic(info.name(), info.pchannels(), info.replicationFactor(), info.compression());
    }

    private void refuseUnlessAllowed(String operation) {
        if (!mayCreate) {
            throw Problem.of(ErrorCode.FORBIDDEN, operation)
                    .found("topic.create=false on this node")
                    .fix("manage the topic in Kafka, or set topic.create=true")
                    .exception();
        }
    }
}
