package io.seawall.flusher.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.Bench;
import io.seawall.flusher.TestFiles;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs with so many segments that not all headers are read at once. */
@Timeout(60)
class SegmentCoverageTest {
    private static final int SEGMENTS = 300;

    @TempDir
    Path folder;

    private TieredReadBench bench;

    @BeforeEach
    void append() {
        bench = new TieredReadBench(folder);
        bench.kafka.append(2 * SEGMENTS + 2);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** Publishes segments of two records, with a gap at one place. */
    private void publish(int gapAt) {
        for (var i = 0; i < SEGMENTS; i++) {
            if (i == gapAt) {
                bench.publishGap(2L * i, 2L * i + 2);
            } else {
                bench.publish(2L * i, 2L * i + 2);
            }
        }
        bench.kafka.trim(2 * SEGMENTS);
    }

    private long oldest() {
        return bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest();
    }

    @Test
    void fewHeadersAreReadAtATimeAndEachOnce() {
        publish(-1);

        var first = oldest();
        var calls = bench.store.calls().size();
        for (var i = 0; i < 6; i++) {
            assertThat(oldest()).isZero();
        }
        var later = bench.store.calls().size();
        oldest();

        assertThat(first).isZero();
        assertThat(calls).isLessThan(2 * 70);
        assertThat(calls + later).isBetween(2 * SEGMENTS, 2 * SEGMENTS + 10);
        assertThat(bench.store.calls()).as("once all were read").isEmpty();
    }

    @Test
    void findsAGapFarBackAsItReadsHeaders() {
        publish(100);

        var first = oldest();
        for (var i = 0; i < 6; i++) {
            oldest();
        }

        assertThat(first).as("not known yet").isZero();
        assertThat(oldest()).isEqualTo(202);
    }

    @Test
    void aChainThatBeginsWithAGapIsKnownAtOnce() {
        publish(0);

        assertThat(oldest()).isEqualTo(2);
    }

    /** Reading a damaged object fails and names it; a reader that began at the oldest record must not skip it. */
    @Test
    void aDamagedObjectDoesNotChangeTheOldestLsn() throws IOException {
        publish(-1);
        var object = bench.object(2L * (SEGMENTS - 10));
        var whole = Files.readAllBytes(object);
        TestFiles.truncate(object, 5);

        assertThat(oldest()).isZero();
        Files.write(object, whole);
        assertThat(oldest()).isZero();
        try (var reader = bench.open(StartPosition.oldest())) {
            assertThat(TieredReadBench.readTo(reader, 2L * SEGMENTS)).hasSize(2 * SEGMENTS);
        }
    }

    @Test
    void continuesFromItsKnowledgeAfterMoreIsFlushedAndTrimmed() {
        publish(-1);
        for (var i = 0; i < 6; i++) {
            oldest();
        }
        bench.publish(2 * SEGMENTS, 2 * SEGMENTS + 2);
        bench.kafka.trim(2 * SEGMENTS + 2);
        bench.store.calls();

        assertThat(oldest()).isZero();
        assertThat(bench.store.calls())
                .containsExactly("list " + (2 * SEGMENTS - 2), "open " + 2 * SEGMENTS, "size " + 2 * SEGMENTS);
    }

    @Test
    void aMomentIsFoundWithAFewHeaders() {
        publish(-1);
        oldest();
        bench.store.calls();
        var at = StartPosition.atTime(Instant.ofEpochMilli(TrimmedLog.FIRST_MS + TrimmedLog.STEP_MS * 51));

        try (var reader = bench.open(at)) {
            assertThat(reader.nextLsn()).isEqualTo(51);
        }
        assertThat(bench.store.calls().size()).isLessThan(2 * (64 + 10) + 5);
    }

    @Test
    void aMomentIsFoundBesideGaps() {
        publish(40);
        for (var lsn : new long[] {78, 79, 82, 83, 84}) {
            var ms = TrimmedLog.FIRST_MS + TrimmedLog.STEP_MS * lsn;
            try (var reader = bench.open(StartPosition.atTime(Instant.ofEpochMilli(ms)))) {
                // Below the gap, the result depends on whether the gap was found: then the log begins after it.
                assertThat(reader.nextLsn()).isIn(lsn, Math.max(lsn, 82));
            }
        }
        var inTheGap = TrimmedLog.FIRST_MS + TrimmedLog.STEP_MS * 80;
        try (var reader = bench.open(StartPosition.atTime(Instant.ofEpochMilli(inTheGap)))) {
            assertThat(reader.nextLsn()).isEqualTo(82);
        }
    }
}
