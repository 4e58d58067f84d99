package io.seawall.walkafka.internal.client;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.FlushOffsets;
import io.seawall.walkafka.settings.KafkaConnection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits offsets for the group {@code <prefix>flusher}. The group never has members: the owner of a log flushes it, so there is
 * nothing to assign. A group without members accepts offsets from every client that has the permission.
 */
final class KafkaFlushOffsets implements FlushOffsets {
    private static final String GROUP = "flusher";
    private static final int LONGEST_ANSWER_MS = 10_000;

    private final Admin admin;
    private final KafkaConnection connection;

    KafkaFlushOffsets(Admin admin, KafkaConnection connection) {
        this.admin = admin;
        this.connection = connection;
    }

    @Override
    public CompletableFuture<Ends> ends(PChannel pchannel) {
        return end(pchannel, IsolationLevel.READ_COMMITTED)
                .thenCompose(stable ->
                        end(pchannel, IsolationLevel.READ_UNCOMMITTED).thenApply(high -> new Ends(stable, high)))
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(
                        KafkaErrors.walException("find the end of " + pchannel, pchannel, error)));
    }

    private CompletableFuture<Long> end(PChannel pchannel, IsolationLevel level) {
        var partition = partition(pchannel);
        var options = new ListOffsetsOptions(level).timeoutMs(LONGEST_ANSWER_MS);
        var answer = admin.listOffsets(Map.of(partition, OffsetSpec.latest()), options)
                .partitionResult(partition);
        return KafkaTopicAdmin.future(answer).thenApply(found -> found.offset());
    }

    @Override
    public CompletableFuture<Void> commit(PChannel pchannel, long offset) {
        var offsets = Map.of(partition(pchannel), new OffsetAndMetadata(offset));
        var options = new AlterConsumerGroupOffsetsOptions().timeoutMs(LONGEST_ANSWER_MS);
        return KafkaTopicAdmin.future(admin.alterConsumerGroupOffsets(connection.prefix() + GROUP, offsets, options)
                        .all())
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(
                        KafkaErrors.walException("commit the flush position of " + pchannel, pchannel, error)));
    }

    private TopicPartition partition(PChannel pchannel) {
        return new TopicPartition(connection.topicName(pchannel.topic()), pchannel.partition());
    }
}
