package io.seawall.it.faults;

import static io.seawall.it.faults.FaultyKafka.get;
import static io.seawall.it.faults.FaultyKafka.open;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.OperatorException;
import io.seawall.wal.PChannel;
import io.seawall.wal.RequestException;
import io.seawall.wal.RetryableException;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.KafkaWals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes that other tools make to the partition: T18 and T19 of docs/faults.md. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class PartitionFaultsIT {
    private static final int TOO_LARGE = 200;

    private static FaultyKafka kafka;
    private static KafkaWals node;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(1, UnaryOperator.identity());
        node = kafka.directly("node");
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static long end(PChannel pchannel) {
        var partition = kafka.partition(pchannel);
        return get(kafka.admin()
                        .listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions())
                        .partitionResult(partition))
                .offset();
    }

    private static void deleteBefore(PChannel pchannel, long offset) {
        get(kafka.admin()
                .deleteRecords(Map.of(kafka.partition(pchannel), RecordsToDelete.beforeOffset(offset)))
                .all());
    }

    /** T18: for any offset, the next owner finds the highest term and the tail. */
    @Test
    void recordsDeletedUpToAnyOffsetTakeNoTermAndNoTailAway() {
        var pchannel = kafka.create(node, "deleted-records");
        var appends = new Appends(pchannel);
        var term = 1L;
        for (; term <= 2; term++) {
            try (var wal = open(node, pchannel, term)) {
                appends.appendEach(wal, "term" + term + "-", 5);
            }
        }
        var last = end(pchannel);
        for (var offset = 1L; offset <= last; offset++, term++) {
            deleteBefore(pchannel, offset);
            var expired = term - 1;
            assertThat(catchThrowableOfType(WalException.class, () -> open(node, pchannel, expired))
                            .code())
                    .as("term %s is still known after deleting below %s", expired, offset)
                    .isEqualTo(ErrorCode.TERM_EXPIRED);
            try (var wal = open(node, pchannel, term)) {
                assertThat(wal.tail())
                        .as("tail after deleting below %s", offset)
                        .isEqualTo(appends.history().acknowledgedCount());
                appends.appendEach(wal, "deleted" + offset + "-", 1);
            }
        }
        var bounds = kafka.readers().bounds(pchannel, View.LIVE);
        assertThat(bounds.oldest()).as("records are gone").isPositive();
        assertThat(Verdict.read(kafka.readers(), pchannel, View.COMMITTED))
                .first()
                .satisfies(entry -> assertThat(entry.lsn()).isEqualTo(bounds.oldest()));
    }

    /** T18: without the last snapshot nothing shows where the tail was. */
    @Test
    void aLogThatWasEmptiedIsNotOpened() {
        var pchannel = kafka.create(node, "emptied");
        try (var wal = open(node, pchannel, 1)) {
            new Appends(pchannel).appendEach(wal, "v", 5);
        }
        deleteBefore(pchannel, end(pchannel));

        var refused = catchThrowableOfType(OperatorException.class, () -> open(node, pchannel, 2));

        assertThat(refused.code()).isEqualTo(ErrorCode.DATA_LOSS);
    }

    /** T18. */
    @Test
    void aTopicThatForgetsIsNotOpened() {
        var pchannel = kafka.create(node, "forgets");
        set(pchannel, "retention.ms", "60000");

        var refused = catchThrowableOfType(OperatorException.class, () -> open(node, pchannel, 1));

        assertThat(refused).hasMessageContaining("retention.ms=60000").hasMessageContaining("-1");
        set(pchannel, "retention.ms", "-1");
        open(node, pchannel, 1).close();
    }

    private static void set(PChannel pchannel, String setting, String value) {
        var topic = new ConfigResource(
                ConfigResource.Type.TOPIC, kafka.partition(pchannel).topic());
        var change = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
        get(kafka.admin()
                .incrementalAlterConfigs(Map.of(topic, List.of(change)))
                .all());
    }

    /** T18. */
    @Test
    void aTopicThatGrowsKeepsItsLogs() {
        var pchannel = kafka.create(node, "grows");
        var appends = new Appends(pchannel);
        try (var wal = open(node, pchannel, 1)) {
            appends.appendEach(wal, "before", 5);
            get(kafka.admin()
                    .createPartitions(Map.of(kafka.partition(pchannel).topic(), NewPartitions.increaseTo(3)))
                    .all());
            appends.appendEach(wal, "after", 5);
        }
        Verdict.of(kafka, appends);
        var grown = new Appends(new PChannel("grows", 2));
        try (var wal = open(node, grown.pchannel(), 1)) {
            grown.appendEach(wal, "new", 5);
        }
        Verdict.of(kafka, grown);
    }

    /** T18. */
    @Test
    void aTopicThatWasCreatedAgainEndsTheLogOfTheFirstOne() {
        var pchannel = kafka.create(node, "again");
        try (var wal = open(node, pchannel, 1)) {
            new Appends(pchannel).appendEach(wal, "first", 5);
            node.topics().delete("again");
            kafka.create(node, "again");

            var appends = new Appends(pchannel);
            for (var number = 0; !wal.ended().isDone(); number++) {
                appends.append(wal, "second" + number)
                        .exceptionally(ended -> null)
                        .join();
            }

            assertThat(wal.ended().join().code()).isIn(ErrorCode.NOT_FOUND, ErrorCode.DATA_LOSS);
            assertThat(appends.history().acknowledgedCount()).isZero();
        }
    }

    /** Only the record fails that is larger than the topic accepts by now, no matter what else was in flight. */
    @Test
    void anAppendThatTheBrokerNeverTakesFailsAlone() {
        var pchannel = kafka.create(node, "too-large");
        var appends = new Appends(pchannel);
        var refused = new ArrayList<CompletableFuture<Appended>>();
        try (var wal = open(node, pchannel, 1)) {
            set(pchannel, "max.message.bytes", "20000");
            for (var round = 0; round < TOO_LARGE; round++) {
                for (var number = 0; number < 5; number++) {
                    var unused = appends.append(wal, "before" + round + "-" + number);
                }
                refused.add(appends.append(wal, "large" + round + "-" + "x".repeat(50_000)));
                for (var number = 0; number < 5; number++) {
                    var unused = appends.append(wal, "behind" + round + "-" + number);
                }
            }
            appends.awaitAnswers(Duration.ofMinutes(2));
            assertThat(wal.ended()).isNotDone();
            assertThat(wal.epoch()).as("recoveries").isPositive();
            assertThat(wal.tail()).isEqualTo(10L * TOO_LARGE);
        }
        assertThat(refused)
                .allSatisfy(append -> assertThat(append)
                        .failsWithin(Duration.ZERO)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOfSatisfying(RequestException.class, error -> {
                            assertThat(error.code()).isEqualTo(ErrorCode.TOO_LARGE);
                            assertThat(error.effect()).isEqualTo(Effect.NONE);
                        }));
        assertThat(appends.history().refusedCount()).isEqualTo(TOO_LARGE);
        set(pchannel, "max.message.bytes", String.valueOf(2 * 1024 * 1024));
        try (var wal = open(node, pchannel, 2)) {
            appends.appendEach(wal, "next", 5);
        }
        assertThat(Verdict.of(kafka, appends)).hasSize(10 * TOO_LARGE + 5);
    }

    private static KafkaProducer<byte[], byte[]> foreignProducer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "foreign"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** T19. */
    @Test
    void aForeignTransactionHoldsUpCommitsButNotAppendsUntilItIsAborted() {
        var pchannel = kafka.create(node, "foreign");
        var appends = new Appends(pchannel);
        var partition = kafka.partition(pchannel);
        var impatient = kafka.directly("impatient", QuickSettings.openingWithin(Duration.ofSeconds(3)));
        try (var foreign = foreignProducer();
                var wal = open(node, pchannel, 1)) {
            appends.appendEach(wal, "before", 5);
            foreign.initTransactions();
            foreign.beginTransaction();
            var unused = foreign.send(new ProducerRecord<>(partition.topic(), 0, null, "foreign".getBytes(UTF_8)));
            foreign.flush();
            appends.appendEach(wal, "behind", 5);
            wal.commit().join();
            assertThat(kafka.readers().bounds(pchannel, View.LIVE).tail()).isEqualTo(10);
            assertThat(kafka.readers().bounds(pchannel, View.COMMITTED).tail())
                    .as("records that plain consumers see")
                    .isLessThan(10);

            var stuck = catchThrowableOfType(RetryableException.class, () -> open(impatient, pchannel, 2));

            assertThat(stuck).hasMessageContaining("an older transaction on the partition");
            get(kafka.admin().fenceProducers(List.of("foreign")).all()); // what the message tells an operator to do
        }
        try (var wal = open(impatient, pchannel, 3)) {
            appends.appendEach(wal, "after", 5);
        }
        assertThat(Verdict.of(kafka, appends)).hasSizeGreaterThanOrEqualTo(15);
    }
}
