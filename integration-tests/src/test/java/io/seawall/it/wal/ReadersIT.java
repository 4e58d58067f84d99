package io.seawall.it.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.it.kit.TestKafka;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.PChannel;
import io.seawall.wal.RequestException;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.Wal;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers from every start position, trims, and many readers at one tail, on a real broker. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadersIT {
    private static final int TAIL_READERS = 200;
    private static final int RECORDS = 500;

    private static TestKafka kafka;
    private static KafkaWals node;
    private static KafkaWals other;

    @BeforeAll
    static void startBroker() {
        kafka = TestKafka.start();
        node = kafka.connect("node-1");
        other = kafka.connect("node-2");
    }

    @AfterAll
    static void stopBroker() {
        node.close();
        other.close();
        kafka.close();
    }

    @Test
    void startsAtAMomentThroughATakeoverInBothViews() {
        var pchannel = topic("moments");
        try (var first = open(node, pchannel, 1)) {
            for (var round = 0; round < 40; round++) {
                append(first, 1);
                append(first, 3);
            }
            try (var second = open(other, pchannel, 2)) {
                append(second, 20);
                second.commit().orTimeout(20, TimeUnit.SECONDS).join();
                var all = read(pchannel, StartPosition.oldest(), View.COMMITTED, 180);
                assertThat(all).extracting(LogRecord::timestampMs).isSorted();

                for (var view : View.values()) {
                    for (var lsn = 0; lsn < 180; lsn += 20) {
                        var moment = all.get(lsn).timestampMs();
                        try (var reader = node.readers().open(pchannel, at(moment), view)) {
                            assertThat(reader.nextLsn())
                                    .as("%s at the moment of %d", view, lsn)
                                    .isEqualTo(firstAt(all, moment));
                        }
                    }
                    try (var reader = node.readers().open(pchannel, at(Long.MAX_VALUE / 1_000_000), view)) {
                        assertThat(reader.nextLsn()).isEqualTo(180);
                    }
                }
            }
        }
    }

    @Test
    void aTrimShowsEverywhere() {
        var pchannel = topic("trimmed");
        try (var wal = open(node, pchannel, 1)) {
            append(wal, 1_000);
            append(wal, 10);
            append(wal, 10);

            assertThat(trim(wal, 1_005)).as("rounded down to its batch").isEqualTo(1_000);
            assertThat(trim(wal, 1_010)).isEqualTo(1_010);

            for (var view : View.values()) {
                assertThat(other.readers().bounds(pchannel, view).oldest()).isEqualTo(1_010);
                var below = catchThrowableOfType(
                        RequestException.class, () -> other.readers().open(pchannel, StartPosition.atLsn(1_009), view));
                assertThat(below.code()).isEqualTo(ErrorCode.TRIMMED);
                assertThat(below.problem().numbers()).containsEntry("oldest", 1_010L);
            }
            assertThat(trim(wal, 1_020)).as("everything").isEqualTo(1_020);
            assertThat(other.readers().bounds(pchannel, View.LIVE)).isEqualTo(new LogBounds(1_020, 1_020));
        }
        try (var next = open(other, pchannel, 2)) {
            assertThat(next.oldest()).isEqualTo(1_020);
            assertThat(next.tail()).isEqualTo(1_020);
            append(next, 5);
            assertThat(read(pchannel, StartPosition.oldest(), View.LIVE, 1_025))
                    .extracting(LogRecord::lsn)
                    .containsExactly(1_020L, 1_021L, 1_022L, 1_023L, 1_024L);
        }
    }

    @Test
    void twoHundredReadersAtTheTailShareOneConsumer() {
        var pchannel = topic("tail");
        var threads = Executors.newFixedThreadPool(16);
        try (var wal = open(node, pchannel, 1)) {
            append(wal, 50);
            var readers = IntStream.range(0, TAIL_READERS)
                    .mapToObj(each -> node.readers().open(pchannel, StartPosition.tail(), View.LIVE))
                    .toList();
            readers.forEach(reader -> assertThat(reader.poll(10, Duration.ZERO)).isEmpty());

            var reading = readers.stream()
                    .map(reader -> CompletableFuture.supplyAsync(() -> take(reader, RECORDS), threads))
                    .toList();
            for (var each = 0; each < RECORDS; each++) {
                append(wal, 1);
            }

            var expected = LongStream.range(50, 50 + RECORDS).boxed().toList();
            assertThat(reading)
                    .allSatisfy(read -> assertThat(
                                    read.orTimeout(60, TimeUnit.SECONDS).join())
                            .isEqualTo(expected));
            assertThat(node.readerStats().sharedTails()).isEqualTo(1);
            readers.forEach(WalReader::close);
            assertThat(node.readerStats().sharedTails()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anOwnerConfirmsItsTailAndADeposedOneDoesNot() {
        var pchannel = topic("confirmed");
        try (var old = open(node, pchannel, 1)) {
            append(old, 5);
            assertThat(old.checkTail().orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(5);
            try (var successor = open(other, pchannel, 2)) {
                append(successor, 5);

                var late = catchThrowableOfType(
                        CompletionException.class,
                        () -> old.checkTail().orTimeout(60, TimeUnit.SECONDS).join());

                assertThat(late.getCause())
                        .isInstanceOfSatisfying(
                                OwnershipException.class,
                                fenced -> assertThat(fenced.code()).isEqualTo(ErrorCode.FENCED));
                assertThat(successor.checkTail().orTimeout(20, TimeUnit.SECONDS).join())
                        .isEqualTo(10);
            }
        }
    }

    private static List<Long> take(WalReader reader, int count) {
        var lsns = new ArrayList<Long>();
        while (lsns.size() < count) {
            reader.poll(100, Duration.ofSeconds(5)).forEach(record -> lsns.add(record.lsn()));
        }
        return lsns;
    }

    private static long firstAt(List<LogRecord> all, long momentMs) {
        return all.stream()
                .filter(record -> record.timestampMs() >= momentMs)
                .findFirst()
                .orElseThrow()
                .lsn();
    }

    private static StartPosition at(long epochMs) {
        return StartPosition.atTime(Instant.ofEpochMilli(epochMs));
    }

    private static long trim(Wal wal, long before) {
        return wal.trim(before).orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static void append(Wal wal, int batch) {
        wal.append(Collections.nCopies(batch, WalRecord.of("value".getBytes(UTF_8))))
                .join();
    }

    private static PChannel topic(String name) {
        node.topics().create(TopicSpec.of(name, 1));
        return new PChannel(name, 0);
    }

    private static FlushableWal open(KafkaWals by, PChannel pchannel, long term) {
        return by.opener().open(pchannel, term).wal().join();
    }

    private static List<LogRecord> read(PChannel pchannel, StartPosition from, View view, long until) {
        try (var reader = other.readers().open(pchannel, from, view)) {
            var all = new ArrayList<LogRecord>();
            while (reader.nextLsn() < until) {
                all.addAll(reader.poll(1_000, Duration.ofSeconds(10)));
            }
            return all;
        }
    }
}
