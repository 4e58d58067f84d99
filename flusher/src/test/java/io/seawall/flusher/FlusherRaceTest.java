package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several flushers of one log, zombies among them, with faults at any point: promise P6. */
class FlusherRaceTest {
    private static final int ROUNDS = 60;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyLsnIsInExactlyOneSegment(long seed) throws Exception {
        var random = new Random(seed);
        var bench = new Bench(folder);
        var flushers = new ArrayList<>(List.of(start(bench, 1), start(bench, 2)));

        for (var round = 0; round < ROUNDS; round++) {
            switch (random.nextInt(10)) {
                case 0 -> bench.store.failNextPuts(1 + random.nextInt(2));
                case 1 -> bench.store.loseNextAnswers(1 + random.nextInt(2));
                case 2 -> bench.store.failNextLooks(1);
                case 3 ->
                    bench.log.failNextRead(
                            Problem.of(ErrorCode.UNAVAILABLE, "read").exception());
                case 4 -> bench.store.beforeNextPut(() -> publishSome(bench, random));
                case 5 -> flushers.set(random.nextInt(flushers.size()), start(bench, round + 3));
                case 6 -> bench.crash();
                default -> bench.ask(flushers.get(random.nextInt(flushers.size())));
            }
            bench.log.fill(random.nextInt(80));
            var chosen = flushers.get(random.nextInt(flushers.size()));
            bench.pass(Duration.ofMillis(random.nextInt(2_000)), chosen);
        }

        bench.store.failNextPuts(0);
        bench.store.loseNextAnswers(0);
        bench.store.failNextLooks(0);
        var last = start(bench, 1_000);
        var flushed = last.flush(Bench.ORDERS);
        bench.run(last);
        for (var i = 0; i < 20; i++) {
            bench.pass(Duration.ofSeconds(30), last);
        }

        assertThat(flushed).isCompletedWithValue((long) bench.committedLsns().size());
        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
        assertThat(bench.segments.verify(Bench.ORDERS).bad()).isEmpty();
    }

    /** Also with users who trim records that are not flushed, and flushers that trim records that are. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void everyLsnIsInASegmentOrInAGapThatAUserMade(long seed) throws Exception {
        var random = new Random(seed);
        var bench = new Bench(folder);
        bench.use(settings -> settings.with(new FlusherSettings.Retention(300, Duration.ofMillis(-1))));
        var flushers = new ArrayList<>(List.of(start(bench, 1), start(bench, 2)));
        var highestTrim = 0L;

        for (var round = 0; round < ROUNDS; round++) {
            switch (random.nextInt(10)) {
                case 0 -> bench.store.failNextPuts(1 + random.nextInt(2));
                case 1 -> bench.store.loseNextAnswers(1 + random.nextInt(2));
                case 2 -> bench.store.failNextLooks(1);
                case 3, 4 -> {
                    var to = bench.log.wal(1).oldest() + random.nextInt(120);
                    if (to <= bench.log.wal(1).committed()) {
                        bench.log.trimTo(to);
                        highestTrim = Math.max(highestTrim, to);
                    }
                }
                case 5 -> flushers.set(random.nextInt(flushers.size()), start(bench, round + 3));
                default -> bench.ask(flushers.get(random.nextInt(flushers.size())));
            }
            bench.log.fill(random.nextInt(80));
            var chosen = flushers.get(random.nextInt(flushers.size()));
            bench.pass(Duration.ofMillis(random.nextInt(2_000)), chosen);
            var end = bench.segments.end(Bench.ORDERS).orElse(0);
            assertThat(bench.log.wal(1).oldest()).isLessThanOrEqualTo(Math.max(end, highestTrim));
        }

        bench.store.failNextPuts(0);
        bench.store.loseNextAnswers(0);
        bench.store.failNextLooks(0);
        var last = start(bench, 1_000);
        var flushed = last.flush(Bench.ORDERS);
        for (var i = 0; i < 30; i++) {
            bench.pass(Duration.ofSeconds(30), last);
        }

        var inGaps = new ArrayList<Long>();
        for (var segment : bench.segments.list(Bench.ORDERS)) {
            for (var lsn = segment.firstLsn(); segment.isGap() && lsn < segment.nextLsn(); lsn++) {
                inGaps.add(lsn);
            }
        }
        var all = new ArrayList<>(bench.flushedLsns());
        all.addAll(inGaps);
        all.sort(null);
        assertThat(flushed).isCompletedWithValue((long) bench.committedLsns().size());
        assertThat(all).isEqualTo(bench.committedLsns());
        var highest = highestTrim;
        assertThat(inGaps).allMatch(lsn -> lsn < highest);
        assertThat(bench.log.trims()).isNotEmpty();
        assertThat(bench.segments.verify(Bench.ORDERS).bad()).isEmpty();
    }

    /** Another process takes the next name just before, with a segment of another length. */
    private static void publishSome(Bench bench, Random random) throws IOException {
        var infos = bench.segments.list(Bench.ORDERS);
        var next = infos.isEmpty() ? 0 : (int) infos.get(infos.size() - 1).nextLsn();
        var left = bench.committedLsns().size() - next;
        if (left > 0) {
            bench.publishAsRival(next, 1 + random.nextInt(left));
        }
    }

    private static Flusher start(Bench bench, long term) {
        var flusher = bench.flusher();
        flusher.register(bench.log.wal(term));
        return flusher;
    }
}
