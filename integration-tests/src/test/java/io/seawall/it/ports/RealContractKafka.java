package io.seawall.it.ports;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.internal.runtime.KafkaRuntime;
import io.seawall.walkafka.port.Ports;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;

/** Real brokers. Its callers close what they pass to it. */
class RealContractKafka implements ContractKafka {
    private static final int LONGEST_S = 60;

    private final String prefix;
    private final KafkaRuntime kafka;
    private final Admin admin;

    /**
     * Uses real brokers.
     *
     * @param prefix the prefix of every topic
     */
    RealContractKafka(KafkaRuntime kafka, Admin admin, String prefix) {
        this.kafka = kafka;
        this.admin = admin;
        this.prefix = prefix;
    }

    @Override
    public Ports ports() {
        return kafka.ports();
    }

    @Override
    public PChannel newTopic(String name) {
        kafka.topics().create(TopicSpec.of(name, 1).withReplicationFactor(1));
        return new PChannel(name, 0);
    }

    @Override
    public void createAgain(PChannel pchannel) {
        kafka.topics().delete(pchannel.topic());
        Awaitility.await()
                .atMost(Duration.ofSeconds(LONGEST_S))
                .until(() -> kafka.topics().describeNow(pchannel.topic()).isEmpty());
        newTopic(pchannel.topic());
    }

    @Override
    public void limitMessages(PChannel pchannel, int bytes) {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, prefix + pchannel.topic());
        var limit = new AlterConfigOp(
                new ConfigEntry("max.message.bytes", String.valueOf(bytes)), AlterConfigOp.OpType.SET);
        get(admin.incrementalAlterConfigs(Map.of(topic, List.of(limit))).all());
    }

    @Override
    public void deleteRecords(PChannel pchannel, long before) {
        var partition = new TopicPartition(prefix + pchannel.topic(), pchannel.partition());
        get(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
                .all());
    }

    @Override
    public long flushOffset(PChannel pchannel) {
        var group = prefix + "flusher";
        var offsets = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group));
        var found = offsets.get(new TopicPartition(prefix + pchannel.topic(), pchannel.partition()));
        return found == null ? -1 : found.offset();
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(LONGEST_S, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException error) {
            throw new IllegalStateException(error);
        }
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(LONGEST_S, TimeUnit.SECONDS);
        } catch (ExecutionException wrapped) {
            throw wrapped.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(wrapped);
        } catch (InterruptedException | TimeoutException error) {
            throw new IllegalStateException(error);
        }
    }

    @Override
    public void eventually(Runnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(LONGEST_S)).untilAsserted(assertion::run);
    }
}
