package io.seawall.walkafka.internal.write;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.read.KafkaReaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a log into which another program writes the owner's next number. Readers of other processes take it, so the log has to end. */
class ForgedNextNumberTest {
    private final FakeKafka kafka = new FakeKafka();
    private final KafkaReaders readers = kafka.readers();
    private long tail;

    private void append(KafkaWal wal, int count) {
        for (var each = 0; each < count; each++) {
            assertThat(wal.append(List.of(record("own " + tail))).join().first())
                    .isEqualTo(tail);
            tail++;
        }
        kafka.time().advance(5_000);
    }

    private void snapshot(KafkaWal wal) {
        wal.machine()
                .post(() -> Objects.requireNonNull(wal.machine().openWriter()).writeSnapshot());
        kafka.time().advance(5_000);
    }

    /** Reads to the end. */
    private void read(long from, View view) {
        try (var reader = readers.open(FakeKafka.PCHANNEL, StartPosition.atLsn(from), view)) {
            List<LogRecord> some;
            do {
                some = reader.poll(100, Duration.ofSeconds(1));
            } while (!some.isEmpty());
        }
    }

    private static String text(LogRecord record) {
        return new String(Objects.requireNonNull(record.data().value()), StandardCharsets.UTF_8);
    }

    private static void hasEnded(KafkaWal wal) {
        assertThat(failure(wal.append(List.of(record("refused")))).code()).isEqualTo(ErrorCode.FORGED);
        assertThat(wal.ended()).isCompletedWithValueMatching(why -> why.code() == ErrorCode.FORGED);
    }

    private void isRefused() {
        var again = kafka.opening(8);
        again.start();
        kafka.time().advance(1_000);
        assertThat(failure(again.wal()).code()).isEqualTo(ErrorCode.FORGED);
    }

    /** Readers take it, as it came first, and would leave out the owner's own record of that number. */
    @Test
    void aForgedNextNumberEndsTheLogInsteadOfTakingThePlaceOfAnAcknowledgedRecord() {
        var wal = kafka.open(7);
        append(wal, 6);
        kafka.log().plain("7.0/6");
        append(wal, 1);

        var error = failure(() -> read(0, View.LIVE));
        kafka.time().advance(200_000);

        assertThat(error.code()).isEqualTo(ErrorCode.FORGED);
        hasEnded(wal);
        isRefused();
    }

    /** The owner has not given the number yet, so readers of its process do not deliver it, nor any record after it. */
    @ParameterizedTest
    @ValueSource(strings = {"7.0/6", "7.0/6;7.0/7", "7.0/6+1", "7.0/6+1;7.0/7+0", "7.0/6@3"})
    void aForgedNextNumberIsNotReadAndEndsTheLogBeforeTheOwnerGivesIt(String forged) {
        var wal = kafka.open(7);
        append(wal, 6);
        kafka.log().plain(forged.split(";"));

        for (var view : View.values()) {
            try (var reader = readers.open(FakeKafka.PCHANNEL, StartPosition.atLsn(0), view)) {
                assertThat(reader.poll(100, Duration.ofSeconds(1)))
                        .extracting(LogRecord::lsn)
                        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
                assertThat(failure(() -> reader.poll(100, Duration.ofSeconds(1)))
                                .code())
                        .isEqualTo(ErrorCode.FORGED);
            }
        }
        kafka.time().advance(200_000);

        hasEnded(wal);
    }

    /** The same if the owner's own record of that number follows. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void aForgedNumberIsNotReadOnceTheOwnerGaveItEither(int behind) {
        var wal = kafka.open(7);
        append(wal, 6);
        kafka.log().plain("7.0/6");
        append(wal, behind);
        snapshot(wal);

        for (var view : View.values()) {
            try (var reader = readers.open(FakeKafka.PCHANNEL, StartPosition.atLsn(5), view)) {
                assertThat(reader.poll(100, Duration.ofSeconds(1)))
                        .extracting(ForgedNextNumberTest::text)
                        .containsExactly("own 5");
                assertThat(failure(() -> reader.poll(100, Duration.ofSeconds(1)))
                                .code())
                        .isEqualTo(ErrorCode.FORGED);
            }
        }
    }

    /** A reader that begins after the owner's own record of that number sees only one of the two. */
    @Test
    void aReaderOfOnlyTheForgedNumberTellsTheOwnerToo() {
        var wal = kafka.open(7);
        append(wal, 6);
        kafka.log().plain("7.0/6");

        failure(() -> read(6, View.COMMITTED));
        kafka.time().advance(200_000);

        hasEnded(wal);
    }

    /** A walk from that snapshot would not see that readers took the other program's record. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void aForgedNextNumberEndsTheLogAlsoIfASnapshotStandsBehindIt(int behind) {
        var wal = kafka.open(7);
        append(wal, 6);
        kafka.log().plain("7.0/6");
        append(wal, behind);
        for (var each = 0; each < 2; each++) {
            snapshot(wal);
        }

        var error = failure(() -> read(0, View.LIVE));
        kafka.time().advance(200_000);

        assertThat(error.code()).isEqualTo(ErrorCode.FORGED);
        hasEnded(wal);
        isRefused();
    }
}
