package io.seawall.flusher.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.Bench;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PollLimits;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Appends, flushes, trims, losses and outages of the store at random, between and during polls of several readers. A reader
 * returns the dense sequence from its start or throws an error that is correct.
 */
@Timeout(120)
class TieredReadPropertyTest {
    private static final int STEPS = 400;

    /** How many lookups of a reader may have begun before the store changed: its own, and one in each thread, which it may join. */
    private static final int MOST_OUTDATED = 1 + SegmentReadSettings.defaults().threads();

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // made by the test, from its seed
    private TieredReadBench bench;

    @SuppressWarnings("NullAway.Init") // as above
    private Random random;

    /** Where segments begin, with the LSN after each; gaps are negative. */
    private final TreeMap<Long, Long> segments = new TreeMap<>();

    /** Where segments begin, lost ones included. */
    private final Set<Long> begun = new HashSet<>();

    private long flushed;
    private long trimmed;
    private boolean down;
    private long served;

    @ParameterizedTest(name = "seed {0}: mvn test -Dtest=TieredReadPropertyTest")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 54})
    void everyReaderSeesTheDenseSequenceOrATrueError(long seed) throws IOException {
        random = new Random(seed);
        // Small values, so that most segments have one block; with odd seeds the cache is too small for two readers.
        var settings = SegmentReadSettings.defaults().withCacheBytes(seed % 2 == 0 ? 16 << 20 : 1 << 20);
        bench = new TieredReadBench(folder, seed % 3 == 0 ? 4_000 : 20, settings, System::nanoTime);
        bench.kafka.append(20);
        var readers = new ArrayList<WalReader>();
        try (var closing = bench) {
            assertThat(closing.readers.stats().records()).isZero();
            for (var step = 0; step < STEPS; step++) {
                change();
                if (readers.size() < 3) {
                    open(readers);
                }
                for (var reader : List.copyOf(readers)) {
                    if (random.nextInt(4) > 0) {
                        poll(readers, reader, MOST_OUTDATED);
                    }
                }
            }
        }
        assertThat(served).as("records given").isGreaterThan(500);
        bench.awaitAllClosed();
    }

    private void change() throws IOException {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> bench.kafka.append(1 + random.nextInt(40));
            case 3, 4, 5 -> flush();
            case 6, 7 -> bench.kafka.beforeNextPoll(this::trim);
            case 8 -> trim();
            case 9 -> {
                down = random.nextInt(3) == 0;
                bench.store.down(down);
            }
            case 10 -> trimBeyondTheSegments();
            default -> lose();
        }
    }

    private void flush() {
        var to = Math.min(bench.kafka.records().size(), flushed + 1 + random.nextInt(60));
        if (to > flushed) {
            bench.publish(flushed, to);
            segments.put(flushed, to);
            begun.add(flushed);
            flushed = to;
        }
    }

    /** Trims anything up to the flushed LSN. */
    private void trim() {
        trimmed = Math.max(trimmed, flushed == 0 ? 0 : random.nextLong(flushed + 1));
        bench.kafka.trim(trimmed);
    }

    /** Trims as a user does: a gap segment is published first. */
    private void trimBeyondTheSegments() {
        var tail = bench.kafka.records().size();
        if (random.nextInt(6) > 0 || tail <= flushed) {
            return;
        }
        var to = flushed + 1 + random.nextLong(tail - flushed);
        bench.publishGap(flushed, to);
        segments.put(flushed, -to);
        begun.add(flushed);
        flushed = to;
        trimmed = Math.max(trimmed, to);
        bench.kafka.trim(trimmed);
    }

    /** Deletes an object. */
    private void lose() throws IOException {
        if (random.nextInt(8) > 0 || segments.isEmpty()) {
            return;
        }
        var keys = new ArrayList<>(segments.keySet());
        var key = keys.get(random.nextInt(keys.size()));
        segments.remove(key);
        Files.delete(bench.object(key));
    }

    private void open(List<WalReader> readers) {
        var tail = bench.kafka.records().size();
        var from = switch (random.nextInt(5)) {
            case 0 -> StartPosition.oldest();
            case 1 -> StartPosition.tail();
            case 2 ->
                StartPosition.atTime(
                        Instant.ofEpochMilli(TrimmedLog.FIRST_MS + TrimmedLog.STEP_MS * random.nextInt(tail)));
            default -> StartPosition.atLsn(random.nextInt(tail + 1));
        };
        open(readers, from, MOST_OUTDATED);
    }

    private void open(List<WalReader> readers, StartPosition from, int outdated) {
        try {
            var reader = bench.open(from);
            readers.add(reader);
            if (from instanceof StartPosition.AtLsn at) {
                assertThat(reader.nextLsn()).isEqualTo(at.lsn());
            }
            if (from instanceof StartPosition.AtTime at) {
                var wanted = (at.epochMs() - TrimmedLog.FIRST_MS) / TrimmedLog.STEP_MS;
                assertThat(reader.nextLsn()).isGreaterThanOrEqualTo(wanted);
                if (isReadable(wanted)
                        && wanted
                                >= bench.readers.bounds(Bench.ORDERS, View.LIVE).oldest()) {
                    assertThat(reader.nextLsn()).isEqualTo(wanted);
                }
            }
        } catch (WalException error) {
            if (mayBeOutdated(error, outdated)) {
                open(readers, from, outdated - 1);
            } else {
                isTrue(error, error.problem().numbers().getOrDefault("lsn", -1L));
            }
        }
    }

    private void poll(List<WalReader> readers, WalReader reader, int outdated) {
        var next = reader.nextLsn();
        try {
            var records = next < bench.kafka.records().size()
                    ? TieredReadBench.readTo(reader, next + 1)
                    : reader.poll(1, Duration.ZERO);
            records = new ArrayList<>(records);
            if (!records.isEmpty()) {
                var limits = PollLimits.records(1 + random.nextInt(50)).withMaxBytes(1 + random.nextLong(100_000));
                records.addAll(reader.poll(limits, Duration.ZERO));
            }
            assertThat(records).isEqualTo(expected(next, records));
            assertThat(reader.nextLsn()).isEqualTo(next + records.size());
            served += records.size();
        } catch (WalException error) {
            // The records that were returned before the second poll threw show only in nextLsn.
            assertThat(reader.nextLsn()).isBetween(next, next + 1);
            if (mayBeOutdated(error, outdated)) {
                poll(readers, reader, outdated - 1);
                return;
            }
            isTrue(error, reader.nextLsn());
            if (error.code() != ErrorCode.UNAVAILABLE || random.nextBoolean()) {
                reader.close();
                readers.remove(reader);
            }
        }
    }

    private List<LogRecord> expected(long next, List<LogRecord> given) {
        return bench.kafka.records(next, next + given.size());
    }

    /** Returns whether a record is in Kafka or in a segment. */
    private boolean isReadable(long lsn) {
        if (lsn >= trimmed) {
            return lsn < bench.kafka.records().size();
        }
        var segment = segments.floorEntry(lsn);
        return segment != null && segment.getValue() > lsn;
    }

    /** Returns whether an error may be the result of a lookup that began while the store was down or still had an object. */
    private boolean mayBeOutdated(WalException error, int outdated) {
        return error.code() == ErrorCode.UNAVAILABLE && !down && outdated > 0;
    }

    private void isTrue(WalException error, long lsn) {
        switch (error.code()) {
            case UNAVAILABLE -> assertThat(down).as("%s", error).isTrue();
            case TRIMMED, DATA_LOSS -> {
                if (lsn >= 0) {
                    assertThat(isReadable(lsn))
                            .as("%s, about LSN %d", error, lsn)
                            .isFalse();
                }
                long oldest = error.problem().numbers().getOrDefault("oldest", -1L);
                assertThat(oldest).as("%s", error).isGreaterThan(lsn);
                // It may be a lost object: a reader gets the error when it reads there; the oldest LSN does not skip
                // it.
                assertThat(begun.contains(oldest) || oldest >= trimmed)
                        .as("%s: something begins there", error)
                        .isTrue();
            }
            default -> throw error;
        }
    }
}
