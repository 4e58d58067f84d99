package io.seawall.walkafka.admin;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Creates, grows, deletes and describes the topics under the prefix. Thread-safe. Methods block for up to half a minute for each
 * request to Kafka, except those that return a future.
 */
public interface KafkaTopics {
    /**
     * The description of a topic to create.
     *
     * @param name the name without prefix
     * @param pchannels the number of pchannels, 1 or more
     * @param replicationFactor the number of replicas; 0 for the smaller of 3 and the number of brokers
     * @param compression {@code none}, {@code zstd}, {@code lz4}, {@code snappy} or {@code gzip}
     */
    record Spec(String name, int pchannels, int replicationFactor, String compression) {}

    /**
     * A topic that exists.
     *
     * @param name the name without prefix
     * @param pchannels the number of pchannels
     * @param replicationFactor the number of replicas
     * @param compression as in {@link Spec}
     */
    record Info(String name, int pchannels, int replicationFactor, String compression) {}

    /** The effect of {@link #create}. */
    enum Created {
        /** The topic is new. */
        NEW,
        /** The topic existed and is as described. */
        SAME,
        /** The topic existed and got more pchannels. */
        GROWN,
        /** The topic exists, differs in a way that cannot be changed, and was left as it is. */
        CONFLICT
    }

    /**
     * The result of {@link #create}.
     *
     * @param created the effect
     * @param topic the topic as it is now
     */
    record Result(Created created, Info topic) {}

    /**
     * Checks that the cluster's transactions fence as the protocol needs and that its settings are safe. Every opening of a log
     * checks this too.
     *
     * @throws WalException if the brokers are below 4.0, the finalized feature {@code transaction.version} is below 2, a setting
     *     that was read is unsafe and the connection strict, or Kafka does not answer
     */
    void verifyCluster();

    /**
     * Checks that Kafka's active controller answers, by a request that a broker forwards to it. Does not block. Without a
     * controller appends and reads continue for a while, but no topic is created and no leader elected.
     *
     * @return completes once the controller has answered, even if this user is not authorized; fails with a
     *     {@link WalException} with {@link ErrorCode#UNAVAILABLE} if there is no answer within 2 s
     */
    CompletableFuture<Void> askController();

    /**
     * Creates a topic, or adds pchannels to an existing one.
     *
     * @param spec the topic
     * @return the effect and the topic; if it was created or has grown, every partition has a leader
     * @throws WalException with {@link ErrorCode#INVALID} for a value that is not allowed, or {@link ErrorCode#UNAVAILABLE} if
     *     Kafka does not answer or a partition gets no leader in time
     */
    Result create(Spec spec);

    /**
     * Deletes a topic with all its records.
     *
     * @param name the name without prefix
     * @throws WalException with {@link ErrorCode#NOT_FOUND} if it does not exist; another one if Kafka does not answer or refuses
     *     the request
     */
    void delete(String name);

    /**
     * Lists the topics under the prefix, without those whose names Seawall does not allow.
     *
     * @return the topics, sorted by name
     * @throws WalException if Kafka does not answer or refuses the request
     */
    List<Info> list();

    /**
     * Describes one topic.
     *
     * @param name the name without prefix
     * @return the topic, or empty if it does not exist
     * @throws WalException if Kafka does not answer or refuses the request
     */
    Optional<Info> describeNow(String name);

    /**
     * Returns the size of logs on the brokers' disks: the bytes of each leading replica, without indexes, but with deleted
     * records whose file still exists. Does not block. Sends one request to each broker that leads one of the logs, and a broker
     * collects the sizes of all its partitions; so ask for many logs together, and seldom.
     *
     * @param pchannels the logs
     * @return the bytes of each log, without logs that do not exist, have no leader, or whose broker does not answer within 10 s;
     *     never fails
     */
    CompletableFuture<Map<PChannel, Long>> logBytes(Collection<PChannel> pchannels);

    /** Returns a search for transactions of other programs that hold up logs. Each caller gets one of its own. */
    ForeignTransactions foreignTransactions();
}
