package io.seawall.node;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.walkafka.admin.Topic;
import io.seawall.walkafka.admin.TopicOutcome;
import io.seawall.walkafka.admin.TopicOutcome.Kind;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.admin.Topics;
import java.util.List;
import java.util.Optional;

/** The topics as clients of the node manage them: refuses changes that are not allowed, and opens and closes the logs of topics. */
final class NodeTopics implements Topics {
    private final Topics topics;
    private final boolean mayCreate;
    private final Logs logs;

    /**
     * Creates the topics of a node.
     *
     * @param topics the topics in Kafka
     * @param mayCreate whether topics may be created, grown and deleted
     * @param logs opens and closes the node's logs of these topics
     */
    NodeTopics(Topics topics, boolean mayCreate, Logs logs) {
        this.topics = topics;
        this.mayCreate = mayCreate;
        this.logs = logs;
    }

    /** Opens and closes the logs of a topic. The methods block for a bounded time and never fail. */
    interface Logs {
        /** Opens the logs of a topic that was created or has grown, as far as they are to be open. */
        void open(Topic topic);

        /** Closes the open logs of a topic that is about to be deleted. */
        void close(String topic);

        /**
         * Learns how the deletion ended.
         *
         * @param deleted whether the topic is deleted
         */
        void closed(String topic, boolean deleted);
    }

    @Override
    public TopicOutcome create(TopicSpec spec) {
        refuseUnlessAllowed("create topic " + spec.name());
        var outcome = topics.create(spec);
        if (outcome.kind() == Kind.CREATED || outcome.kind() == Kind.GROWN) {
            logs.open(outcome.topic());
        }
        return outcome;
    }

    @Override
    public void delete(String topic) {
        refuseUnlessAllowed("delete topic " + topic);
        if (topics.describeNow(topic).isPresent()) {
            logs.close(topic);
        }
        var deleted = false;
        try {
            topics.delete(topic);
            deleted = true;
        } finally {
            logs.closed(topic, deleted);
        }
    }

    @Override
    public List<Topic> list() {
        return topics.list();
    }

    @Override
    public Optional<Topic> describeNow(String name) {
        return topics.describeNow(name);
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
