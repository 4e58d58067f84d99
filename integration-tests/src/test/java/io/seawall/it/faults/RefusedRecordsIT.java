package io.seawall.it.faults;

import static io.seawall.it.faults.FaultyKafka.open;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.proxy.Frame;
import io.seawall.it.proxy.Frame.Direction;
import io.seawall.it.proxy.FrameFault;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A record that the broker refuses for another reason than its size: the proxy gives one of its headers a length that no header has.
 * Kafka refuses everything that its client sent together with it, and does not say which record it was.
 */
@Tag("full")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusedRecordsIT {
    private static final String POISON = "poison";
    private static final int ROUNDS = 20;
    private static final int CRC_AT = 17; // in a batch of records; it covers what follows it
    private static final int CRC_BYTES = 4;

    private static FaultyKafka kafka;

    @BeforeAll
    static void start() {
        kafka = FaultyKafka.start(1, UnaryOperator.identity());
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static Frame poisoned(Frame frame) {
        var bytes = frame.bytes().clone();
        var buffer = ByteBuffer.wrap(bytes);
        var header = RequestHeader.parse(buffer);
        ProduceRequest.parse(new ByteBufferAccessor(buffer), header.apiVersion()).data().topicData().stream()
                .flatMap(topic -> topic.partitionData().stream())
                .map(partition -> ((MemoryRecords) partition.records()).buffer())
                .forEach(records -> spoil(bytes, records.arrayOffset() + records.position(), records.remaining()));
        return frame.with(bytes);
    }

    private static void spoil(byte[] bytes, int from, int length) {
        var text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        var all = ByteBuffer.wrap(bytes);
        for (var at = text.indexOf(POISON); at >= 0; at = text.indexOf(POISON, at + 1)) {
            bytes[from + at - 1] = 1; // -1, as lengths are written
        }
        for (var batch = from; batch < from + length; batch += 12 + all.getInt(batch + 8)) {
            var crc = new CRC32C();
            var covered = batch + CRC_AT + CRC_BYTES;
            crc.update(bytes, covered, batch + 12 + all.getInt(batch + 8) - covered);
            all.putInt(batch + CRC_AT, (int) crc.getValue());
        }
    }

    @Test
    void failAloneWhateverWasSentWithThem() {
        var fault = kafka.proxy()
                .plant(FrameFault.rewrite(Direction.REQUEST, ApiKeys.PRODUCE, RefusedRecordsIT::poisoned)
                        .carrying(POISON));
        var node = kafka.throughProxy("refused");
        var pchannel = kafka.create(node, "refused");
        var appends = new Appends(pchannel);
        var refused = new ArrayList<CompletableFuture<Appended>>();
        var poison = new WalRecord(null, "x".getBytes(UTF_8), List.of(new Header(POISON, new byte[0])));
        try (var wal = open(node, pchannel, 1)) {
            for (var round = 0; round < ROUNDS; round++) {
                for (var number = 0; number < 5; number++) {
                    var unused = appends.append(wal, "before" + round + "-" + number);
                }
                refused.add(wal.append(List.of(poison)));
                for (var number = 0; number < 5; number++) {
                    var unused = appends.append(wal, "behind" + round + "-" + number);
                }
            }
            appends.awaitAnswers(Duration.ofMinutes(2));
            System.out.println(ROUNDS + " refused records among " + 10 * ROUNDS + ": " + wal.epoch() + " recoveries");
            assertThat(wal.ended()).isNotDone();
            assertThat(wal.tail()).isEqualTo(10L * ROUNDS);
        } finally {
            kafka.proxy().remove(fault);
        }
        assertThat(refused)
                .allSatisfy(append -> assertThat(append)
                        .failsWithin(Duration.ZERO)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOfSatisfying(RequestException.class, error -> {
                            assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
                            assertThat(error.effect()).isEqualTo(Effect.NONE);
                        }));
        assertThat(appends.history().refusedCount() + appends.history().unknownCount())
                .isZero();
        assertThat(Verdict.of(kafka, appends)).hasSize(10 * ROUNDS);
    }
}
