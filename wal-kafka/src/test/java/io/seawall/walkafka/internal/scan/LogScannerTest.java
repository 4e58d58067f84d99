package io.seawall.walkafka.internal.scan;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests walks over ranges of a log, with fetches of different sizes. */
class LogScannerTest {
    private final FakePartition log = new FakePartition(new ManualTime());
    private final List<Long> seen = new ArrayList<>();
    private @Nullable RuntimeException stopped;

    LogScannerTest() {
        log.committed("6.0/0", "6.0/1", "6.0/2"); // offsets 0 to 2, and a marker
        log.aborted("6.0/3"); // 4
        log.committed("7.0 claim", "7.0/3@6", "7.0/4 snapshot"); // 6 to 8
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 10", "2, 0, 10", "100, 0, 10", "1, 1, 7", "100, 1, 7", "100, 3, 3", "100, 4, 2"})
    void visitsEachVisibleRecordOfTheRangeOnceAndInOrder(int step, long from, long end) {
        scanner(step).walk(from, end, this::see).join();

        var expected = log.entries(Isolation.COMMITTED).stream()
                .map(LogEntry::offset)
                .filter(offset -> offset >= from && offset < end)
                .toList();
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void waitsForAStepBeforeTheNextRecord() {
        var steps = new ArrayList<CompletableFuture<Void>>();
        var walk = scanner(100).walkAsync(0, 3, entry -> {
            see(entry);
            steps.add(new CompletableFuture<>());
            return steps.get(steps.size() - 1);
        });
        assertThat(seen).containsExactly(0L);

        steps.get(0).complete(null);
        assertThat(seen).containsExactly(0L, 1L);
        steps.get(1).complete(null);
        assertThat(walk).isNotDone();
        steps.get(2).complete(null);

        assertThat(walk).isCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void anErrorOfAStepEndsTheWalk(int step) {
        var planted = Problem.of(ErrorCode.DATA_LOSS, "read").exception();

        var walk = scanner(step).walk(0, 10, entry -> {
            see(entry);
            throw planted;
        });

        assertThat(failure(walk)).isSameAs(planted);
        assertThat(seen).containsExactly(0L);
    }

    @Test
    void asksBeforeEachFetchWhetherToGiveUp() {
        stopped = Problem.of(ErrorCode.SHUTTING_DOWN, "read").exception();
        var scanner = scanner(100);

        assertThat(failure(scanner.walk(0, 10, this::see))).isSameAs(stopped);
        assertThat(failure(scanner.firstNumbered(0, 10))).isSameAs(stopped);
        assertThat(log.fetches()).isZero();
    }

    @Test
    void givesUpInTheMiddleOfAWalk() {
        var walk = scanner(1).walk(0, 10, entry -> {
            see(entry);
            stopped = Problem.of(ErrorCode.SHUTTING_DOWN, "read").exception();
        });

        assertThat(failure(walk)).isSameAs(stopped);
        assertThat(seen).containsExactly(0L);
    }

    @ParameterizedTest
    @CsvSource({"0, 10, 0", "3, 10, 7", "3, 8, 7", "8, 10, 8"})
    void theFirstNumberedRecordIsDataOrASnapshot(long from, long end, long offset) {
        var found = scanner(100).firstNumbered(from, end).join();

        assertThat(found).isNotNull().extracting(LogEntry::offset).isEqualTo(offset);
    }

    @ParameterizedTest
    @CsvSource({"3, 7", "9, 10", "5, 5"})
    void findsNothingInARangeWithoutNumberedRecords(long from, long end) {
        assertThat(scanner(100).firstNumbered(from, end)).isCompletedWithValue(null);
        assertThat(scanner(1).firstNumbered(from, end)).isCompletedWithValue(null);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void aSearchTestsEachRecordOnceUpToTheWantedOne(int step) {
        scanner(step)
                .first(0, 10, entry -> {
                    see(entry);
                    return entry.offset() == 6;
                })
                .join();

        assertThat(seen).containsExactly(0L, 1L, 2L, 6L);
    }

    private LogScanner scanner(int step) {
        return new LogScanner(log.cursor(Isolation.COMMITTED).inSteps(step), () -> stopped);
    }

    private void see(LogEntry entry) {
        seen.add(entry.offset());
    }
}
