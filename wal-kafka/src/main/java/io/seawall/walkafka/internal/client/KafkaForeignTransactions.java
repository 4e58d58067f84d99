package io.seawall.walkafka.internal.client;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.ForeignTransaction;
import io.seawall.walkafka.admin.ForeignTransactions;
import io.seawall.walkafka.internal.client.LingeringTransactions.Open;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.settings.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersOptions;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds foreign transactions with one request to each broker that leads one of the logs. If a transaction was already open at the
 * call before, sends one more request to every broker, for the transactional ids.
 */
final class KafkaForeignTransactions implements ForeignTransactions {
    private static final int LONGEST_ANSWER_MS = (int) Duration.ofSeconds(5).toMillis();

    private final Admin admin;
    private final KafkaConnection connection;
    private final LingeringTransactions lingering = new LingeringTransactions(); // guarded by itself

    KafkaForeignTransactions(Admin admin, KafkaConnection connection) {
        this.admin = admin;
        this.connection = connection;
    }

    @Override
    public CompletableFuture<Map<PChannel, ForeignTransaction>> find(Collection<PChannel> pchannels) {
        return open(pchannels).thenCompose(open -> {
            Set<Open> stays;
            synchronized (lingering) {
                stays = lingering.seen(open);
            }
            return stays.isEmpty() ? CompletableFuture.completedFuture(Map.of()) : foreign(stays);
        });
    }

    private CompletableFuture<List<Open>> open(Collection<PChannel> pchannels) {
        if (pchannels.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        var wanted = new HashMap<TopicPartition, PChannel>();
        pchannels.forEach(pchannel ->
                wanted.put(new TopicPartition(connection.topicName(pchannel.topic()), pchannel.partition()), pchannel));
        var answers =
                admin.describeProducers(wanted.keySet(), new DescribeProducersOptions().timeoutMs(LONGEST_ANSWER_MS));
        var open = new ArrayList<Open>();
        var done = CompletableFuture.<Void>completedFuture(null);
        for (var each : wanted.entrySet()) {
            var answer = KafkaTopicAdmin.future(answers.partitionResult(each.getKey()))
                    .handle((state, error) -> state);
            done = done.thenCombine(answer, (nothing, state) -> {
                if (state != null) {
                    add(open, each.getValue(), state);
                }
                return null;
            });
        }
        return done.thenApply(asked -> open);
    }

    private static void add(List<Open> open, PChannel pchannel, PartitionProducerState state) {
        for (var producer : state.activeProducers()) {
            producer.currentTransactionStartOffset()
                    .ifPresent(offset -> open.add(new Open(pchannel, producer.producerId(), offset)));
        }
    }

    private CompletableFuture<Map<PChannel, ForeignTransaction>> foreign(Set<Open> stays) {
        var ids = stays.stream().map(Open::producerId).collect(Collectors.toSet());
        var options = new ListTransactionsOptions().filterProducerIds(ids).timeoutMs(LONGEST_ANSWER_MS);
        return KafkaTopicAdmin.future(admin.listTransactions(options).byBrokerId())
                .thenCompose(KafkaForeignTransactions::names)
                .thenApply(names -> LingeringTransactions.foreign(names.named(stays), names.byProducer(), this::isOwn));
    }

    /**
     * The transactional ids of producers.
     *
     * @param byProducer the transactional id of each producer, by its producer id
     * @param complete whether every broker answered
     */
    private record Names(Map<Long, String> byProducer, boolean complete) {
        /** Leaves out transactions whose producer has no known name, unless all brokers answered: that producer may be a lane. */
        Set<Open> named(Set<Open> all) {
            return complete
                    ? all
                    : all.stream()
                            .filter(open -> byProducer.containsKey(open.producerId()))
                            .collect(Collectors.toSet());
        }
    }

    private static CompletableFuture<Names> names(Map<Integer, KafkaFuture<Collection<TransactionListing>>> brokers) {
        var done = CompletableFuture.completedFuture(new Names(Map.of(), true));
        for (var broker : brokers.values()) {
            var answer = KafkaTopicAdmin.future(broker).handle((listings, error) -> listings);
            done = done.thenCombine(answer, (names, listings) -> {
                if (listings == null) {
                    return new Names(names.byProducer(), false);
                }
                var all = new HashMap<>(names.byProducer());
                listings.forEach(each -> all.put(each.producerId(), each.transactionalId()));
                return new Names(all, names.complete());
            });
        }
        return done;
    }

    private boolean isOwn(PChannel pchannel, String transactionalId) {
        for (var lane : Lane.values()) {
            if (TransactionalIds.of(connection.prefix(), pchannel, lane).equals(transactionalId)) {
                return true;
            }
        }
        return false;
    }
}
