package io.seawall.node;

import io.seawall.walkafka.admin.KafkaTopics;
import java.util.List;
import java.util.Optional;

/** The methods of {@link KafkaTopics} that the wiring needs. Every method may block for as long as Kafka takes. */
interface TopicStore {
    /** See {@link KafkaTopics#create}. */
    KafkaTopics.Result create(KafkaTopics.Spec spec);

    /** See {@link KafkaTopics#delete}. */
    void delete(String name);

    /** See {@link KafkaTopics#list}. */
    List<KafkaTopics.Info> list();

    /** See {@link KafkaTopics#describeNow}. */
    Optional<KafkaTopics.Info> describeNow(String name);

    /** Returns an adapter to the topics in Kafka. */
    static TopicStore of(KafkaTopics topics) {
        return new TopicStore() {
            @Override
            public KafkaTopics.Result create(KafkaTopics.Spec spec) {
                return topics.create(spec);
            }

            @Override
            public void delete(String name) {
                topics.delete(name);
            }

            @Override
            public List<KafkaTopics.Info> list() {
                return topics.list();
            }

            @Override
            public Optional<KafkaTopics.Info> describeNow(String name) {
                return topics.describeNow(name);
            }
        };
    }
}
