package io.seawall.it.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.it.kit.TestKafka;
import io.seawall.wal.Appended;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.LogRecord;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WalOnKafkaIT {
    private static TestKafka kafka;
    private static KafkaWals node;
    private static KafkaWals other;

    @BeforeAll
    static void startBroker() {
        kafka = TestKafka.start();
        node = kafka.connect("node-1");
        other = kafka.connect("node-2");
        node.topics().verifyCluster();
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

    private static FlushableWal open(KafkaWals by, PChannel pchannel, long term) {
        try {
            return by.opener().open(pchannel, term).wal().join();
        } catch (CompletionException error) {
            throw error.getCause() instanceof RuntimeException cause ? cause : error;
        }
    }

    private static List<LogRecord> readAll(KafkaWals by, PChannel pchannel, View view, long until) {
        try (var reader = by.readers().open(pchannel, StartPosition.oldest(), view)) {
            var all = new ArrayList<LogRecord>();
            while (reader.nextLsn() < until) {
                all.addAll(reader.poll(1000, Duration.ofSeconds(10)));
            }
            return all;
        }
    }

    @Test
    void appendsAreDenseAndReadBackInBothViews() {
        var pchannel = topic("dense");
        try (var wal = open(node, pchannel, 1)) {
            var futures = new ArrayList<CompletableFuture<Appended>>();
            for (var i = 0; i < 2_000; i++) {
                futures.add(wal.append(("v" + i).getBytes(UTF_8)));
            }
            futures.forEach(CompletableFuture::join);
            assertThat(wal.tail()).isEqualTo(2_000);

            var live = readAll(other, pchannel, View.LIVE, 2_000);
            wal.commit().orTimeout(20, TimeUnit.SECONDS).join();
            var committed = readAll(other, pchannel, View.COMMITTED, 2_000);

            assertThat(live).hasSize(2_000).extracting(LogRecord::lsn).isSorted();
            assertThat(committed).isEqualTo(live);
            assertThat(live.get(1_234).data().value()).asString(UTF_8).isEqualTo("v1234");
        }
    }

    @Test
    void nextTermRepublishesWhatWasAcknowledgedAndFencesTheOldOwner() {
        var pchannel = topic("takeover");
        var old = open(node, pchannel, 1);
        for (var i = 0; i < 50; i++) {
            old.append(List.of(WalRecord.of(("old" + i).getBytes(UTF_8)), WalRecord.of(new byte[0])))
                    .join();
        }
        try (var successor = open(other, pchannel, 2)) {
            assertThat(successor.tail()).isEqualTo(100);
            assertThat(successor.append("new".getBytes(UTF_8)).join()).isEqualTo(new Appended(2, 100, 100));

            var late = catchThrowableOfType(
                    CompletionException.class,
                    () -> old.append("zombie".getBytes(UTF_8)).join());
            assertThat(late.getCause())
                    .isInstanceOfSatisfying(
                            OwnershipException.class,
                            fenced -> assertThat(fenced.code()).isEqualTo(ErrorCode.FENCED));
            assertThat(old.ended().join().code()).isEqualTo(ErrorCode.FENCED);

            successor.commit().join();
            var live = readAll(node, pchannel, View.LIVE, 101);
            var committed = readAll(node, pchannel, View.COMMITTED, 101);
            assertThat(live).hasSize(101).extracting(LogRecord::lsn).isSorted();
            assertThat(committed)
                    .extracting(LogRecord::lsn)
                    .isEqualTo(live.stream().map(LogRecord::lsn).toList());
            assertThat(committed.get(99).term()).isEqualTo(1);
        } finally {
            old.close();
        }
    }

    @Test
    void refusesATermThatIsNotAbove() {
        var pchannel = topic("terms");
        try (var wal = open(node, pchannel, 5)) {
            var same = catchThrowableOfType(OwnershipException.class, () -> open(other, pchannel, 5));
            var lower = catchThrowableOfType(OwnershipException.class, () -> open(other, pchannel, 4));

            assertThat(same.code()).isEqualTo(ErrorCode.TERM_EXPIRED);
            assertThat(lower).hasMessageContaining("node-1").hasMessageContaining("term 5");
            assertThat(wal.append(new byte[1]).join().first()).isZero();
        }
    }
}
