package io.seawall.it.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.it.kit.TestKafka;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.RequestException;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.Wal;
import io.seawall.wal.WalRecord;
import io.seawall.wal.WriterSeq;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A broker accepts every record that an append may have; records that a broker never accepts are rejected before they are
 * sent.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OddRecordsIT {
    private static final int LIMIT = 1 << 20;
    private static final byte[] NOTHING = {};

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

    private static PChannel topic(String name) {
        node.topics().create(TopicSpec.of(name, 1));
        return new PChannel(name, 0);
    }

    private static Wal open(KafkaWals by, PChannel pchannel, long term) {
        return by.opener().open(pchannel, term).wal().join();
    }

    /** Returns batches that are at a limit, or that have rare content. */
    private static List<List<WalRecord>> odd() {
        var batches = new ArrayList<List<WalRecord>>();
        batches.add(List.of(new WalRecord(null, null, List.of())));
        batches.add(List.of(new WalRecord(NOTHING, NOTHING, List.of())));
        batches.add(List.of(new WalRecord(new byte[LIMIT], null, List.of())));
        batches.add(List.of(WalRecord.of(new byte[LIMIT])));
        batches.add(Collections.nCopies(4, WalRecord.of(new byte[LIMIT])));
        batches.add(Collections.nCopies(1_000, new WalRecord(null, null, List.of())));
        batches.add(List.of(new WalRecord(null, null, Collections.nCopies(LIMIT / 10, new Header("", null)))));
        batches.add(List.of(new WalRecord(null, null, List.of(new Header("", new byte[LIMIT - 10])))));
        batches.add(List.of(new WalRecord(null, null, List.of(new Header("n".repeat(LIMIT - 10), null)))));
        for (var name : List.of("\u0000", "\r\n", "\ufffd", "\uffff", "\ufeff", "\ud83d\ude00", "\u0628", "wal_")) {
            batches.add(
                    List.of(new WalRecord(null, NOTHING, List.of(new Header(name, NOTHING), new Header(name, null)))));
        }
        return batches;
    }

    @Test
    void whatTheLogTakesTheBrokerTakesAlsoAsACopy() {
        var pchannel = topic("odd");
        var session = "x".repeat(100);
        var expected = new ArrayList<WalRecord>();
        var owner = open(node, pchannel, 1);
        try {
            var seq = 0;
            for (var batch : odd()) {
                var request = AppendRequest.of(batch).by(new WriterSeq(session, seq++));
                assertThat(owner.append(request)
                                .orTimeout(30, TimeUnit.SECONDS)
                                .join()
                                .first())
                        .isEqualTo(expected.size());
                expected.addAll(batch);
            }

            try (var successor = open(other, pchannel, 2)) {
                assertThat(successor.tail()).isEqualTo(expected.size());
                for (var view : View.values()) {
                    assertThat(readAll(pchannel, view, expected.size())).isEqualTo(expected);
                }
            }
        } finally {
            owner.close();
        }
    }

    @Test
    void aNameThatIsNoTextStopsNobody() {
        var pchannel = topic("surrogate");
        try (var wal = open(node, pchannel, 1)) {
            var batch = List.of(new WalRecord(null, null, List.of(new Header("trace\ud800", null))));

            var refused = catchThrowableOfType(
                    CompletionException.class,
                    () -> wal.append(batch).orTimeout(30, TimeUnit.SECONDS).join());

            assertThat(refused.getCause())
                    .isInstanceOfSatisfying(
                            RequestException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID));
            assertThat(wal.append(NOTHING)
                            .orTimeout(30, TimeUnit.SECONDS)
                            .join()
                            .first())
                    .isZero();
        }
    }

    private static List<WalRecord> readAll(PChannel pchannel, View view, long until) {
        try (var reader = other.readers().open(pchannel, StartPosition.oldest(), view)) {
            var all = new ArrayList<WalRecord>();
            while (reader.nextLsn() < until) {
                reader.poll(1000, Duration.ofSeconds(10)).stream()
                        .map(LogRecord::data)
                        .forEach(all::add);
            }
            return all;
        }
    }
}
