package io.seawall.walkafka.admin;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The topics under the prefix, and what else an operator asks the cluster. Thread-safe. Methods block for up to half a minute for
 * each request to Kafka, except those that return a future.
 */
public interface KafkaTopics extends Topics {
    /**
     * Checks that the cluster answers, that its transactions fence as the protocol needs and that its settings are safe; settings
     * that were good less than a minute ago are not read again. Every opening of a log checks this too.
     *
     * @throws WalException if the brokers are below 4.0, the finalized feature {@code transaction.version} is below 2, a setting
     *     that was read is unsafe and the connection strict, or Kafka does not answer
     */
    void verifyCluster();

    /**
     * Checks that a broker answers, by a request that each of them can answer. Does not block.
     *
     * @return completes once one has answered, even if this user is not authorized; fails with a {@link WalException} with
     *     {@link ErrorCode#UNAVAILABLE} if there is no answer within 1.2 s; the next question may then go to another broker
     */
    CompletableFuture<Void> askBroker();

    /**
     * Checks that Kafka's active controller answers, by a request that a broker forwards to it. Does not block. Without a
     * controller appends and reads continue for a while, but no topic is created and no leader elected.
     *
     * @return completes once the controller has answered, even if this user is not authorized; fails with a
     *     {@link WalException} with {@link ErrorCode#UNAVAILABLE} if there is no answer within 2 s
     */
    CompletableFuture<Void> askController();

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
