package io.seawall.walkafka.internal.client;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.settings.KafkaConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Asks brokers for the first offsets of partitions, with one request to each broker. Thread-safe; does not block. */
public final class LogStarts {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);

    private final Admin admin;
    private final KafkaConnection connection;

    LogStarts(Admin admin, KafkaConnection connection) {
        this.admin = admin;
        this.connection = connection;
    }

    /** Returns the first offset of each log, without logs whose broker does not answer. Never fails. */
    public CompletableFuture<Map<PChannel, Long>> of(Collection<PChannel> pchannels) {
        var specs = new HashMap<TopicPartition, OffsetSpec>();
        pchannels.forEach(pchannel -> specs.put(partition(pchannel), OffsetSpec.earliest()));
        if (specs.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        var answers = admin.listOffsets(specs, new ListOffsetsOptions().timeoutMs((int) LONGEST_ANSWER.toMillis()));
        var starts = CompletableFuture.completedFuture(new HashMap<PChannel, Long>());
        for (var pchannel : pchannels) {
            var answer = KafkaTopicAdmin.future(answers.partitionResult(partition(pchannel)))
                    .handle((found, error) -> found);
            starts = starts.thenCombine(answer, (all, found) -> {
                if (found != null) {
                    all.put(pchannel, found.offset());
                }
                return all;
            });
        }
        return starts.thenApply(Map::copyOf);
    }

    private TopicPartition partition(PChannel pchannel) {
        return new TopicPartition(connection.topicName(pchannel.topic()), pchannel.partition());
    }
}
