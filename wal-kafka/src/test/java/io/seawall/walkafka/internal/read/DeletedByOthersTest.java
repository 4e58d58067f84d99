package io.seawall.walkafka.internal.read;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.LogBounds;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.write.KafkaWal;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests a log whose oldest records another tool deletes in Kafka while the log is open. */
class DeletedByOthersTest {
    private final FakeKafka kafka = new FakeKafka();
    private final ManualTime time = kafka.time();
    private final KafkaReaders readers = kafka.readers();
    private final KafkaWal wal = kafka.open(7);

    @BeforeEach
    void append() {
        for (var each = 0; each < 6; each++) {
            wal.append(List.of(record("v"))).join();
        }
        time.advance(5_000);
    }

    /** Deletes the records below an LSN, as {@code kafka-delete-records.sh} does. */
    private void deleteBelowLsn(long lsn) {
        kafka.log().entries(Isolation.COMMITTED).stream()
                .filter(entry -> entry.header() instanceof WalHeader.Data && entry.lsn() == lsn)
                .forEach(entry -> kafka.log().deleteBelow(entry.offset()));
    }

    private long trimmed(long before) {
        var trim = wal.trim(before);
        time.advance(5_000);
        return trim.join();
    }

    @Test
    void theOwnerReportsTheOldestLsnThatAReaderFound() {
        deleteBelowLsn(5);
        assertThat(wal.oldest()).as("no reader has searched").isZero();

        var bounds = readers.bounds(FakeKafka.PCHANNEL, View.LIVE);

        assertThat(bounds).isEqualTo(new LogBounds(5, 6));
        assertThat(wal.oldest()).isEqualTo(5);
    }

    @Test
    void aReaderOpenedAtTheOldestRecordFindsItForTheOwner() {
        deleteBelowLsn(5);

        try (var reader = readers.open(FakeKafka.PCHANNEL, StartPosition.oldest(), View.LIVE)) {
            assertThat(reader.nextLsn()).isEqualTo(5);
        }

        assertThat(wal.oldest()).isEqualTo(5);
    }

    @Test
    void aTrimBelowTheOldestDeletesNothingAndReturnsTheOldest() {
        deleteBelowLsn(5);

        assertThat(trimmed(3)).isEqualTo(5);
        assertThat(wal.oldest()).isEqualTo(5);
    }

    @Test
    void aTrimAboveTheOldestDeletesRecords() {
        deleteBelowLsn(3);

        assertThat(trimmed(4)).isEqualTo(4);
        assertThat(readers.bounds(FakeKafka.PCHANNEL, View.LIVE)).isEqualTo(new LogBounds(4, 6));
    }

    @Test
    void laterSnapshotsStateTheNewOldest() {
        deleteBelowLsn(5);
        readers.bounds(FakeKafka.PCHANNEL, View.LIVE);
        wal.oldest();

        trimmed(6);

        var bodies = kafka.log().entries(Isolation.COMMITTED).stream()
                .filter(entry -> entry.header() instanceof WalHeader.Snapshot)
                .map(entry -> ControlBody.read(entry.data().value()).number("oldest", -1));
        assertThat(bodies).containsExactly(5L);
    }
}
