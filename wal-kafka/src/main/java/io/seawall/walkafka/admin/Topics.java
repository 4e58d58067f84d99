package io.seawall.walkafka.admin;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import java.util.List;
import java.util.Optional;

/** Creates, grows, deletes and describes topics. Thread-safe. Methods block for up to half a minute for each request to Kafka. */
public interface Topics {
    /**
     * Creates a topic, or adds pchannels to an existing one.
     *
     * @param spec the topic
     * @return what was done; if the topic was created or has grown, every partition has a leader
     * @throws WalException with {@link ErrorCode#INVALID} for a value that is not allowed, or {@link ErrorCode#UNAVAILABLE} if
     *     Kafka does not answer or a partition gets no leader in time
     */
    TopicOutcome create(TopicSpec spec);

    /**
     * Deletes a topic with all its records, but not its segments.
     *
     * @param name the name without prefix
     * @throws WalException with {@link ErrorCode#NOT_FOUND} if it does not exist; another one if Kafka does not answer or refuses
     *     the request
     */
    void delete(String name);

    /**
     * Lists the topics, without those whose names Seawall does not allow.
     *
     * @return the topics, sorted by name
     * @throws WalException if Kafka does not answer or refuses the request
     */
    List<Topic> list();

    /**
     * Describes one topic.
     *
     * @param name the name without prefix
     * @return the topic, or empty if it does not exist
     * @throws WalException if Kafka does not answer or refuses the request
     */
    Optional<Topic> describeNow(String name);
}
