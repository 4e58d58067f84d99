package io.seawall.flusher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.Bench;
import io.seawall.flusher.TestFiles;
import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.RetryableException;
import io.seawall.wal.WalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentsTest {
    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void publishThreeSegments() {
        bench = new Bench(folder);
        bench.log.fill(300);
        try (var flusher = bench.flusher()) {
            flusher.register(bench.log.wal(7));
            bench.run(flusher);
        }
    }

    @Test
    void aWholeChainIsInOrder() {
        var report = bench.segments.verify(Bench.ORDERS);

        assertThat(report.ok()).isTrue();
        assertThat(report.segments()).isEqualTo(3);
        assertThat(report.records()).isEqualTo(300);
        assertThat(report.firstLsn()).hasValue(0);
        assertThat(report.nextLsn()).hasValue(300);
    }

    @Test
    void aLogWithoutSegmentsIsInOrder() {
        var report = bench.segments.verify(PChannel.parse("other-0"));

        assertThat(report.ok()).isTrue();
        assertThat(report.nextLsn()).isEmpty();
    }

    @Test
    void namesWhereASegmentIsMissing() throws Exception {
        Files.delete(bench.object(100));

        var report = bench.segments.verify(Bench.ORDERS);

        assertThat(report.bad()).singleElement().satisfies(bad -> {
            assertThat(bad.object()).isEqualTo(bench.object(200).toString());
            assertThat(bad.problem()).contains("LSNs 100 to 199 are missing");
        });
    }

    @Test
    void namesASegmentThatOverlaps() throws Exception {
        Files.delete(bench.object(100));
        bench.publishAsRival(50, 150);

        var report = bench.segments.verify(Bench.ORDERS);

        assertThat(report.bad()).singleElement().satisfies(bad -> {
            assertThat(bad.object()).isEqualTo(bench.object(50).toString());
            assertThat(bad.problem()).contains("goes up to 99");
        });
    }

    @Test
    void namesASegmentUnderAWrongName() throws Exception {
        Files.move(bench.object(100), bench.object(101));

        var report = bench.segments.verify(Bench.ORDERS);

        assertThat(report.bad())
                .extracting(VerifyReport.BadSegment::object)
                .contains(bench.object(101).toString());
    }

    @Test
    void namesATruncatedSegmentWhereverItWasCut() throws Exception {
        var whole = Files.readAllBytes(bench.object(100));

        for (var cut : new int[] {1, 17, whole.length / 2, whole.length - 3, whole.length}) {
            Files.write(bench.object(100), whole);
            TestFiles.truncate(bench.object(100), cut);

            var report = bench.segments.verify(Bench.ORDERS);

            assertThat(report.bad())
                    .as("cut by %d of %d bytes", cut, whole.length)
                    .extracting(VerifyReport.BadSegment::object)
                    .containsExactly(bench.object(100).toString());
        }
    }

    @Test
    void namesASegmentWithABitFlipped() throws Exception {
        TestFiles.flipBit(bench.object(100), Files.size(bench.object(100)) - 30, 3);

        var report = bench.segments.verify(Bench.ORDERS);

        assertThat(report.bad()).singleElement().satisfies(bad -> {
            assertThat(bad.object()).isEqualTo(bench.object(100).toString());
            assertThat(bad.problem()).contains("CRC-32C");
        });
    }

    @Test
    void noticesAFlippedBitInAnyByte() throws Exception {
        var file = bench.object(100);
        var segment = new SegmentFiles(bench.local);
        var unnoticed = new ArrayList<Integer>();

        for (var position = 0; position < Files.size(file); position++) {
            TestFiles.flipBit(file, position, position % 8);
            try {
                segment.verified(new SegmentKey(Bench.ORDERS, 100));
                unnoticed.add(position);
            } catch (MalformedSegmentException e) {
                assertThat(e.problem()).isNotEmpty();
            }
            TestFiles.flipBit(file, position, position % 8);
        }

        assertThat(unnoticed).isEmpty();
    }

    @Test
    void listNamesADamagedHeader() throws Exception {
        TestFiles.flipBit(bench.object(100), 0, 0);

        assertThatThrownBy(() -> bench.segments.list(Bench.ORDERS))
                .hasMessageContaining(bench.object(100).toString())
                .isInstanceOfSatisfying(
                        WalException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_LOSS));
    }

    @Test
    void foreignFilesAreNoSegments() throws Exception {
        Files.writeString(bench.object(0).resolveSibling(".00000000000000000000.avro.1.tmp"), "left over");
        Files.writeString(bench.object(0).resolveSibling("99999999999999999999.avro"), "beyond a long");

        assertThat(bench.segments.list(Bench.ORDERS)).hasSize(3);
    }

    @Test
    void deletesTheNewestSegmentsFirstSoThatTheRestIsAChain() {
        bench.store.refuseDeletesOf(0);

        assertThatThrownBy(() -> new Segments(bench.store).delete(Bench.ORDERS)).isInstanceOf(RetryableException.class);

        assertThat(bench.segments.list(Bench.ORDERS))
                .extracting(SegmentInfo::firstLsn)
                .containsExactly(0L);
        assertThat(bench.segments.delete(Bench.ORDERS)).isEqualTo(1);
        assertThat(bench.segments.pchannels()).isEmpty();
    }
}
