package io.seawall.it.wal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.seawall.it.kit.TestKafka;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.OperatorException;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.PChannel;
import io.seawall.wal.RequestException;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What remains when a log's records are gone from Kafka: its tail after a full trim, its records in another topic, its
 * position in a group.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class RestoreIT {
    private static final int LONGEST_S = 60;
    private static final long BEGUN_MS = 1_600_000_000_000L;

    private static TestKafka kafka;
    private static KafkaWals node;
    private static Admin admin;

    @BeforeAll
    static void startBroker() {
        kafka = TestKafka.start();
        node = KafkaWals.connect(
                KafkaConnection.plain(kafka.bootstrapServers(), kafka.prefix()),
                WalSettings.defaults(),
                NodeIdentity.withoutUrl("node-1"));
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        node.close();
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_042})
    void aRestoredLogGivesTheSameRecordsInBothViewsAndToAPlainConsumer(long first) {
        var pchannel = topic("restored-" + first);
        // 40 MiB: three transactions.
        var records = LongStream.range(first, first + 400)
                .mapToObj(lsn -> new LogRecord(lsn, 1 + lsn / 1_200, BEGUN_MS + lsn, 0, data(lsn)))
                .toList();

        var tail = node.restorer().restore(pchannel, 9, first, records.iterator());

        assertThat(tail).isEqualTo(first + 400);
        for (var view : View.values()) {
            assertThat(node.readers().bounds(pchannel, view)).isEqualTo(new LogBounds(first, first + 400));
            assertThat(read(pchannel, view, tail))
                    .extracting(LogRecord::lsn, LogRecord::term, LogRecord::timestampMs, LogRecord::data)
                    .isEqualTo(records.stream()
                            .map(each -> tuple(each.lsn(), each.term(), each.timestampMs(), each.data()))
                            .toList());
        }
        assertThat(plainLsns(pchannel))
                .containsExactlyElementsOf(LongStream.range(first, tail).boxed().toList());
        try (var wal = open(pchannel, 10)) {
            assertThat(wal.tail()).isEqualTo(tail);
            assertThat(wal.oldest()).isEqualTo(first);
            assertThat(wal.append(List.of(data(tail))).join().first()).isEqualTo(tail);
        }
        assertThat(read(pchannel, View.COMMITTED, tail + 1)).hasSize(401);
    }

    @Test
    void aRestoreIsRefusedByALogThatHasRecords() {
        var pchannel = topic("full");
        try (var wal = open(pchannel, 1)) {
            wal.append(List.of(data(0))).join();
        }

        var refused = catchThrowableOfType(
                RequestException.class,
                () -> node.restorer()
                        .restore(pchannel, 9, 5, List.<LogRecord>of().iterator()));

        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID);
        try (var wal = open(pchannel, 10)) {
            assertThat(wal.tail()).isEqualTo(1);
        }
    }

    /** docs/protocol.md#emptied-log: the message names the commands, and a restore forces the tail. */
    @Test
    void anEmptiedLogIsRefusedAndItsTailIsForced() {
        var pchannel = topic("emptied");
        try (var wal = open(pchannel, 1)) {
            append(wal, 5);
        }
        var partition = partition(pchannel);
        get(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                .all());

        var refused = catchThrowableOfType(OperatorException.class, () -> open(pchannel, 2));

        assertThat(refused.code()).isEqualTo(ErrorCode.DATA_LOSS);
        assertThat(refused)
                .hasMessageContaining("./seawall segments ls " + pchannel)
                .hasMessageContaining("./seawall segments restore");
        assertThat(node.restorer().restore(pchannel, 3, 5, List.<LogRecord>of().iterator()))
                .isEqualTo(5);
        try (var wal = open(pchannel, 4)) {
            assertThat(wal.tail()).isEqualTo(5);
            assertThat(wal.oldest()).isEqualTo(5);
        }
    }

    @Test
    void aLogThatIsAllTrimmedOpensAtTheRightTermAndTail() {
        var pchannel = topic("trimmed");
        try (var wal = open(pchannel, 1)) {
            append(wal, 50);
            assertThat(wal.trim(50).join()).isEqualTo(50);
        }

        var seen = catchThrowableOfType(OwnershipException.class, () -> open(pchannel, 1));
        assertThat(seen.code()).isEqualTo(ErrorCode.TERM_EXPIRED);
        try (var wal = open(pchannel, 2)) {
            assertThat(wal.tail()).isEqualTo(50);
            assertThat(wal.oldest()).isEqualTo(50);
            assertThat(wal.append(List.of(data(50))).join().first()).isEqualTo(50);
        }
    }

    @Test
    void aLagToolSeesHowFarTheLogIsFlushed() {
        var pchannel = topic("flushed");
        try (var wal = open(pchannel, 1)) {
            append(wal, 20);
            wal.commit().join();
            var records = read(pchannel, View.COMMITTED, 20);
            append(wal, 1);

            var offset = records.get(9).offset() + 1;
            wal.progress()
                    .flushed(10, offset)
                    .orTimeout(LONGEST_S, TimeUnit.SECONDS)
                    .join();
            assertThat(groupOffset(pchannel)).isEqualTo(offset);
            wal.commit().join();
            var unused = wal.progress()
                    .flushed(21, read(pchannel, View.COMMITTED, 21).get(20).offset() + 1);

            Awaitility.await("no lag").atMost(Duration.ofSeconds(LONGEST_S)).until(() -> lag(pchannel) == 0);
            wal.trim(21).join();
            Awaitility.await("a snapshot is no lag")
                    .atMost(Duration.ofSeconds(LONGEST_S))
                    .until(() -> lag(pchannel) == 0);
        }
        assertThat(node.flushOffsetFailures()).isZero();
    }

    @Test
    void aStoreThatIsBoundIsKnownToTheNextOwner() {
        var pchannel = topic("bound");
        try (var wal = open(pchannel, 1)) {
            wal.progress()
                    .bindStore("store-1")
                    .orTimeout(LONGEST_S, TimeUnit.SECONDS)
                    .join();
        }
        try (var wal = open(pchannel, 2)) {
            assertThat(wal.progress().storeId()).contains("store-1");
            assertThat(catchThrowableOfType(
                                    CompletionException.class,
                                    () -> wal.progress().bindStore("store-2").join())
                            .getCause())
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("store-1");
        }
    }

    @Test
    void theBytesOfLogsAreKnown() {
        var pchannel = topic("sized");
        var absent = new PChannel("absent", 0);
        try (var wal = open(pchannel, 1)) {
            append(wal, 20);
        }

        var bytes = node.topics()
                .logBytes(List.of(pchannel, absent))
                .orTimeout(LONGEST_S, TimeUnit.SECONDS)
                .join();

        assertThat(bytes).containsOnlyKeys(pchannel);
        assertThat(bytes.get(pchannel)).isBetween(20L * 100 * 1_024, 20L * 120 * 1_024);
    }

    private static PChannel topic(String name) {
        node.topics().create(TopicSpec.of(name, 1));
        return new PChannel(name, 0);
    }

    private static FlushableWal open(PChannel pchannel, long term) {
        try {
            return node.opener().open(pchannel, term).wal().join();
        } catch (CompletionException error) {
            throw error.getCause() instanceof RuntimeException cause ? cause : error;
        }
    }

    private static WalRecord data(long lsn) {
        var value = new byte[100 * 1_024];
        new Random(lsn).nextBytes(value);
        return new WalRecord(("k" + lsn).getBytes(UTF_8), value, List.of());
    }

    private static void append(FlushableWal wal, int records) {
        var all = new ArrayList<CompletableFuture<?>>();
        for (var left = records; left > 0; left--) {
            all.add(wal.append(List.of(data(left))));
        }
        all.forEach(CompletableFuture::join);
    }

    private static List<LogRecord> read(PChannel pchannel, View view, long until) {
        try (var reader = node.readers().open(pchannel, StartPosition.oldest(), view)) {
            var all = new ArrayList<LogRecord>();
            while (reader.nextLsn() < until) {
                all.addAll(reader.poll(1000, Duration.ofSeconds(10)));
            }
            return all;
        }
    }

    /** Returns the LSNs that a consumer sees that knows nothing of Seawall but the header. */
    private static List<Long> plainLsns(PChannel pchannel) {
        var settings = Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        var partition = partition(pchannel);
        var lsns = new ArrayList<Long>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition)).get(partition));
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var header = new String(record.headers().lastHeader("wal").value(), US_ASCII);
                    if (!header.contains(" ")) {
                        lsns.add(Long.parseLong(header.substring(header.indexOf('/') + 1, header.indexOf('@'))));
                    }
                }
            }
        }
        return lsns;
    }

    private static TopicPartition partition(PChannel pchannel) {
        return new TopicPartition(kafka.prefix() + pchannel.topic(), pchannel.partition());
    }

    private static long groupOffset(PChannel pchannel) {
        var group = kafka.prefix() + "flusher";
        var found = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group))
                .get(partition(pchannel));
        return found == null ? -1 : found.offset();
    }

    /** Computes the lag as kafka-consumer-groups.sh does. */
    private static long lag(PChannel pchannel) {
        var partition = partition(pchannel);
        var end = get(admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition));
        return end.offset() - groupOffset(pchannel);
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(LONGEST_S, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException error) {
            throw new IllegalStateException(error);
        }
    }
}
