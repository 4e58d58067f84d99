package io.seawall.flusher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.Bench;
import io.seawall.flusher.TestFiles;
import io.seawall.flusher.segment.LsnRange;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentReadingTest {
    @TempDir
    Path folder;

    private Bench bench;
    private SegmentReading reading;

    @BeforeEach
    void publishThreeSegmentsOfAHundredRecords() {
        bench = new Bench(folder);
        bench.log.fill(300);
        try (var flusher = bench.flusher()) {
            flusher.register(bench.log.wal(7));
            bench.run(flusher);
        }
        reading = new SegmentReading(bench.store);
    }

    @ParameterizedTest
    @CsvSource({
        ",,0,300",
        "0,299,0,300",
        "99,100,99,101",
        "100,,100,300",
        ",99,0,100",
        "250,250,250,251",
        "300,,300,300"
    })
    void returnsExactlyTheRange(@Nullable Long from, @Nullable Long to, long first, long next) {
        var lsns = lsns(range(from, to));

        assertThat(lsns)
                .containsExactlyElementsOf(LongStream.range(first, next).boxed().toList());
    }

    @Test
    void returnsTheRecordsAsTheyAreInTheLog() {
        var all = new ArrayList<LogRecord>();
        try (var records = reading.records(Bench.ORDERS, LsnRange.ALL)) {
            records.forEachRemaining(all::add);
        }

        assertThat(all).isEqualTo(bench.log.committedRecords());
    }

    @ParameterizedTest
    @CsvSource({",300", "0,300", "300,300", "301,", "5000,6000"})
    void refusesARangeAboveTheLastSegmentBeforeTheFirstRecord(@Nullable Long from, @Nullable Long to) {
        assertFails(ErrorCode.BEYOND_TAIL, () -> lsns(range(from, to)));
    }

    @Test
    void refusesARangeThatWasDeleted() throws Exception {
        Files.delete(bench.object(0));

        assertFails(ErrorCode.TRIMMED, () -> lsns(range(99L, null)));
        assertThat(lsns(LsnRange.ALL)).startsWith(100L).hasSize(200);
    }

    @Test
    void refusesALogWithoutSegments() {
        assertFails(ErrorCode.NOT_FOUND, () -> reading.records(PChannel.parse("other-0"), LsnRange.ALL));
    }

    @Test
    void aHoleInTheChainIsNoticedBeforeTheFirstRecord() throws Exception {
        Files.delete(bench.object(100));

        assertFails(ErrorCode.DATA_LOSS, () -> reading.records(Bench.ORDERS, LsnRange.ALL));
        assertThat(lsns(range(200L, null))).hasSize(100);
        assertThat(lsns(range(null, 99L))).hasSize(100);
        assertFails(ErrorCode.DATA_LOSS, () -> lsns(range(50L, 150L)));
    }

    @Test
    void returnsNothingOfADamagedSegment() throws Exception {
        TestFiles.flipBit(bench.object(100), Files.size(bench.object(100)) - 30, 3);
        var given = new ArrayList<Long>();

        assertFails(ErrorCode.DATA_LOSS, () -> {
            try (var records = reading.records(Bench.ORDERS, LsnRange.ALL)) {
                records.forEachRemaining(record -> given.add(record.lsn()));
            }
        });

        assertThat(given)
                .containsExactlyElementsOf(LongStream.range(0, 100).boxed().toList());
    }

    @Test
    void aFileIsReadWhateverItsName() throws Exception {
        var elsewhere = Files.copy(bench.object(100), folder.resolve("copy"));
        var lsns = new ArrayList<Long>();

        try (var records = SegmentReading.recordsOf(elsewhere, range(150L, null))) {
            records.forEachRemaining(record -> lsns.add(record.lsn()));
        }

        assertThat(lsns).hasSize(50).startsWith(150L);
    }

    @Test
    void aFileThatIsNoSegmentIsNamed() throws Exception {
        var text = Files.writeString(folder.resolve("text"), "not a segment at all");

        assertFails(ErrorCode.DATA_LOSS, () -> SegmentReading.recordsOf(text, LsnRange.ALL));
        assertFails(ErrorCode.NOT_FOUND, () -> SegmentReading.recordsOf(folder.resolve("absent"), LsnRange.ALL));
    }

    private List<Long> lsns(LsnRange range) {
        var lsns = new ArrayList<Long>();
        try (var records = reading.records(Bench.ORDERS, range)) {
            records.forEachRemaining(record -> lsns.add(record.lsn()));
        }
        return lsns;
    }

    private static LsnRange range(@Nullable Long from, @Nullable Long to) {
        return new LsnRange(
                from == null ? OptionalLong.empty() : OptionalLong.of(from),
                to == null ? OptionalLong.empty() : OptionalLong.of(to));
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WalException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
