package io.seawall.flusher.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.flusher.Bench;
import io.seawall.flusher.FakeLog;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that readers, bounds and owners get the same oldest LSN, also after remembered values became outdated. */
@Timeout(60)
class OldestTest {
    @TempDir
    Path folder;

    private TieredReadBench bench;

    @BeforeEach
    void append() {
        bench = new TieredReadBench(folder, 10, SegmentReadSettings.defaults(), System::nanoTime);
        bench.kafka.append(40);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void begins(long lsn) {
        assertThat(bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest())
                .as("bounds")
                .isEqualTo(lsn);
        beginsAt("from=oldest", StartPosition.oldest(), lsn);
        beginsAt("a moment before all", StartPosition.atTime(Instant.EPOCH), lsn);
        assertThat(refused(41).problem().numbers()).as("beyond the tail").containsEntry("oldest", lsn);
        assertThat(bench.readers.oldest(Bench.ORDERS, bench.kafka.logId(Bench.ORDERS), kafkas(), Duration.ofSeconds(5)))
                .as("for an owner")
                .isEqualTo(lsn);
    }

    private void beginsAt(String what, StartPosition from, long lsn) {
        try (var reader = bench.open(from)) {
            assertThat(reader.nextLsn()).as(what).isEqualTo(lsn);
        }
    }

    private long kafkas() {
        return bench.kafka.bounds(Bench.ORDERS, View.LIVE).oldest();
    }

    private WalException refused(long lsn) {
        return catchThrowableOfType(WalException.class, () -> bench.open(lsn).close());
    }

    /** The flusher had read the records before they were trimmed. */
    @Test
    void aSegmentPublishedAfterTheTrimIsPartOfTheLogAtOnce() {
        bench.kafka.trim(4);
        begins(4);

        bench.publish(0, 6);

        begins(0);
    }

    @Test
    void aSegmentPublishedBehindOthersAfterTheTrimIsPartOfTheLogAtOnce() {
        bench.publish(0, 10);
        bench.kafka.trim(15);
        begins(15);

        bench.publish(10, 20);

        begins(0);
    }

    @Test
    void aGapThatIsPublishedChangesNothing() {
        bench.kafka.trim(15);
        begins(15);

        bench.publishGap(0, 15);

        begins(15);
        bench.store.calls();
        begins(15);
        assertThat(bench.store.calls())
                .as("it is known that nothing can join below")
                .isEmpty();
    }

    /** Somebody deleted old segments with a tool. */
    @Test
    void theLogDoesNotBeginAtADeletedSegment() throws IOException {
        bench.publish(0, 10);
        bench.publish(10, 20);
        bench.kafka.trim(20);
        assertThat(bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest()).isZero();

        Files.delete(bench.object(0));

        beginsAt("from=oldest", StartPosition.oldest(), 10);
        begins(10);
    }

    @Test
    void aStartByTimeDoesNotBeginAtADeletedSegment() throws IOException {
        bench.publish(0, 10);
        bench.publish(10, 20);
        bench.kafka.trim(20);
        assertThat(bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest()).isZero();

        Files.delete(bench.object(0));

        beginsAt("a moment before all", StartPosition.atTime(Instant.EPOCH), 10);
        begins(10);
    }

    /** Somebody deleted a segment whose name was listed and whose header was not read yet. */
    @ParameterizedTest(name = "Kafka begins at {0}")
    @CsvSource({"15, 15", "20, 20", "25, 20", "30, 20"})
    void theLogBeginsAfterAListedSegmentThatWasDeleted(long kafkas, long oldest) throws IOException {
        bench.publish(0, 10);
        bench.publish(10, 20);
        bench.publish(20, 30);
        bench.kafka.trim(5);
        bench.open(3).close();

        Files.delete(bench.object(10));
        bench.kafka.trim(kafkas);

        begins(oldest);
    }

    /** A reader may find that a segment is gone, and the next start by time then finds no names in memory. */
    @Test
    void aStartByTimeListsTheSegmentsAgainAfterAReaderFoundOneGone() {
        bench.publish(0, 10);
        bench.publish(10, 20);
        var reads = new SegmentReads(bench.store, SegmentReadSettings.defaults(), System::nanoTime);
        assertThat(reads.oldest(Bench.ORDERS, 20, FakeLog.ID)).isZero();

        var problem = reads.problem(new SegmentKey(Bench.ORDERS, 10), new NoSuchFileException("x"));

        assertThat(problem.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(reads.atTime(Bench.ORDERS, FakeLog.ID, 20, 0)).hasValue(0);
        reads.close();
    }

    @Test
    void theErrorBelowTheFirstSegmentNamesTheSameOldest() throws IOException {
        bench.publish(0, 10);
        bench.publish(10, 20);
        bench.kafka.trim(20);
        assertThat(bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest()).isZero();

        Files.delete(bench.object(0));

        assertThat(refused(5).code()).isEqualTo(ErrorCode.TRIMMED);
        assertThat(refused(5).problem().numbers()).containsEntry("oldest", 10L);
        begins(10);
    }

    @Test
    void aLogThatWasCreatedAgainBeginsAtItsOwnRecords() {
        bench.publish(0, 30);
        bench.kafka.trim(25);
        begins(0);

        bench.kafka.recreate("another-log");
        bench.kafka.append(40);
        bench.kafka.trim(26);

        begins(26);
    }
}
