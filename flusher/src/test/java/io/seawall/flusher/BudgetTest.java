package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.FlushStatus.Wait;
import io.seawall.flusher.FlusherSettings.Memory;
import io.seawall.flusher.FlusherSettings.Spooling;
import io.seawall.flusher.store.FakeStore;
import io.seawall.flusher.store.FaultyStore;
import io.seawall.flusher.store.Segments;
import io.seawall.wal.PChannel;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that many pchannels at the same time stay within the budgets of the node. */
class BudgetTest {
    private static final int PCHANNELS = 200;
    private static final int RECORDS = 300;
    private static final int RECORD_BYTES = 1_000;
    private static final long MIB = 1024 * 1024;

    @TempDir
    Path folder;

    private final FakeLogs logs = new FakeLogs(PCHANNELS);
    private final FakeStore memory = new FakeStore();
    private final FaultyStore store = new FaultyStore(memory);

    @ParameterizedTest(name = "budget {0} MiB")
    @ValueSource(longs = {14, 64})
    void twoHundredPChannelsStayWithinTheMemory(long budgetMib) throws Exception {
        var bench = new Bench(folder);
        bench.use(settings ->
                settings.withSegments(MIB, Duration.ofMinutes(10)).with(new Memory(budgetMib * MIB, 9 * MIB / 2, MIB)));
        var flusher = bench.flusher(store, logs);
        var mostBytes = new long[1];
        var mostReaders = new int[1];
        bench.afterEachStep(() -> {
            var usage = flusher.usage();
            mostBytes[0] = Math.max(mostBytes[0], usage.memoryBytes());
            mostReaders[0] = Math.max(mostReaders[0], logs.openReaders());
            assertThat(usage.memoryBytes()).isLessThanOrEqualTo(budgetMib * MIB);
            assertThat(usage.readers()).isGreaterThanOrEqualTo(logs.openReaders());
        });

        var flushed = flushAll(bench, flusher);

        assertThat(flushed).allMatch(CompletableFuture::isDone);
        assertAllInSegments();
        // The number of readers was the limit: all of them were in use, and the pchannels took turns.
        assertThat(mostReaders[0]).isBetween(2, 6);
        assertThat(mostBytes[0]).isGreaterThan(budgetMib * MIB / 2);
        assertThat(logs.readersOpened()).isBetween(PCHANNELS, 2 * PCHANNELS);
    }

    @Test
    void logsThatTakeTurnsReadManyCommitsWithOneReader() throws Exception {
        var few = new FakeLogs(20);
        var bench = new Bench(folder);
        bench.use(settings -> settings.with(new Memory(14 * MIB, 9 * MIB / 2, MIB)));
        var flusher = bench.flusher(store, few);
        few.all().values().forEach(log -> flusher.register(log.wal(7)));

        for (var second = 0; second < 90; second++) {
            few.all().values().forEach(log -> log.fill(1));
            bench.pass(Duration.ofSeconds(1), flusher);
        }

        // Each log rests for 30 s after its turn. Without the rest each of the 1,800 commits has a reader.
        assertThat(few.readersOpened()).isBetween(20, 20 * 5);
    }

    @Test
    void aRequestedFlushDoesNotWaitForTheEndOfARest() throws Exception {
        var few = new FakeLogs(20);
        var bench = new Bench(folder);
        bench.use(settings -> settings.with(new Memory(14 * MIB, 9 * MIB / 2, MIB)));
        var flusher = bench.flusher(store, few);
        few.all().values().forEach(log -> flusher.register(log.wal(7)));
        for (var second = 0; second < 3; second++) {
            few.all().values().forEach(log -> log.fill(1));
            bench.pass(Duration.ofSeconds(1), flusher);
        }

        var flushed = few.all().keySet().stream().map(flusher::flush).toList();
        bench.run(flusher);

        assertThat(flushed).allMatch(CompletableFuture::isDone);
    }

    @Test
    void theSpoolStaysWithinItsBudgetAndLogsWithoutRoomWait() throws Exception {
        var bench = new Bench(folder);
        bench.use(settings -> settings.withSegments(MIB, Duration.ofMinutes(10))
                .with(new Spooling(settings.spooling().dir(), 8 * MIB)));
        var flusher = bench.flusher(store, logs);
        store.failNextPuts(Integer.MAX_VALUE);
        var mostOnDisk = new long[1];
        bench.afterEachStep(() -> {
            var onDisk = sizes(bench);
            mostOnDisk[0] = Math.max(mostOnDisk[0], onDisk);
            assertThat(onDisk).isLessThanOrEqualTo(flusher.usage().spoolBytes());
            assertThat(flusher.usage().spoolBytes()).isLessThanOrEqualTo(8 * MIB);
        });
        var flushed = flushAll(bench, flusher);
        var waiting = logs.all().keySet().stream()
                .filter(pchannel -> flusher.status(pchannel).orElseThrow().waitsFor() == Wait.SPOOL)
                .count();
        assertThat(waiting).isGreaterThan(PCHANNELS / 2);
        assertThat(mostOnDisk[0]).isGreaterThan(2 * MIB);

        store.failNextPuts(0);
        for (var i = 0; i < 1_000 && !flushed.stream().allMatch(CompletableFuture::isDone); i++) {
            bench.pass(Duration.ofSeconds(1), flusher);
        }

        assertThat(flushed).allMatch(CompletableFuture::isDone);
        assertAllInSegments();
        assertThat(flusher.usage().spoolBytes()).isZero();
    }

    @Test
    void aFullSpoolIsPublishedBeforeItsTime() {
        var bench = new Bench(folder);
        bench.use(settings -> settings.withSegments(64 * MIB, Duration.ofMinutes(10))
                .with(new Spooling(settings.spooling().dir(), 8 * MIB)));
        var flusher = bench.flusher(store, logs);
        logs.all().values().forEach(log -> flusher.register(log.wal(7)));
        fillAll();

        for (var i = 0; i < 100; i++) {
            bench.pass(Duration.ofMillis(100), flusher);
        }

        // No flush was requested, no segment is old or full; yet most of the 60 MB are published.
        var published = logs.all().keySet().stream()
                .mapToLong(pchannel -> flusher.flushed(pchannel).orElse(0))
                .sum();
        assertThat(published * RECORD_BYTES).isGreaterThan(50_000_000);
    }

    @Test
    void aRecordLargerThanTheSpoolIsFlushedAlone() throws Exception {
        var bench = new Bench(folder);
        bench.use(settings -> settings.with(new Spooling(settings.spooling().dir(), 100)));
        var flusher = bench.flusher();
        flusher.register(bench.log.wal(7));
        bench.log.fill(250);

        bench.ask(flusher);
        bench.run(flusher);
        for (var i = 0; i < 10; i++) {
            bench.pass(Duration.ofSeconds(1), flusher);
        }

        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
    }

    @Test
    void aFullDiskSlowsFlushingAndLosesNothing() throws Exception {
        var bench = new Bench(folder);
        var flusher = bench.flusher();
        flusher.register(bench.log.wal(7));
        bench.run(flusher);
        var spool = bench.spoolFolder();
        // Root may write to any folder, but not to one that does not exist.
        Files.move(spool, folder.resolve("away"));
        bench.log.fill(200);
        bench.run(flusher);
        bench.pass(Duration.ofMinutes(1), flusher);
        var failing = flusher.status(Bench.ORDERS).orElseThrow();

        Files.move(folder.resolve("away"), spool);
        bench.pass(Duration.ofMinutes(1), flusher);

        assertThat(failing.failures()).isGreaterThan(1);
        assertThat(failing.error().orElseThrow()).hasMessageContaining(spool.toString());
        assertThat(bench.flushedLsns()).isEqualTo(bench.committedLsns());
        assertThat(flusher.usage().spoolBytes()).isZero();
    }

    @Test
    void refusesABudgetInWhichTheThreadsCannotWork() {
        var settings = FlusherSettings.defaults(folder);

        assertThatThrownBy(() -> settings.with(new Memory(13 * MIB, 9 * MIB / 2, MIB)))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("flush.memory.bytes");
    }

    @Test
    void anOpenSpoolCountsTwiceAndTheLargestIsAskedToSeal() {
        var budget = new SpoolBudget(100);
        var woken = new ArrayList<String>();
        SpoolBudget.Owner large = () -> woken.add("large");
        SpoolBudget.Owner small = () -> woken.add("small");

        assertThat(budget.tryGrow(small, 10)).isTrue();
        assertThat(budget.tryGrow(large, 30)).isTrue();
        assertThat(budget.tryGrow(small, 11)).isFalse();

        assertThat(woken).containsExactly("large");
        assertThat(budget.isSealAsked(large)).isTrue();
        assertThat(budget.isSealAsked(small)).isFalse();
        budget.isSealed(large, 31);
        assertThat(budget.usedBytes()).isEqualTo(51);
        assertThat(woken).containsExactly("large", "small");
        assertThat(budget.tryGrow(small, 11)).isTrue();
        budget.isGone(large);
        budget.isGone(small);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void readersAreGivenInOrder() {
        var permits = new ReaderPermits(1);
        var woken = new ArrayList<String>();

        assertThat(permits.acquire("a", () -> woken.add("a"))).isTrue();
        assertThat(permits.acquire("b", () -> woken.add("b"))).isFalse();
        assertThat(permits.acquire("c", () -> woken.add("c"))).isFalse();
        permits.release("a");

        assertThat(woken).containsExactly("b");
        assertThat(permits.acquire("c", () -> woken.add("c"))).isFalse();
        assertThat(permits.acquire("a", () -> woken.add("a"))).isFalse();
        assertThat(permits.acquire("b", () -> woken.add("b"))).isTrue();
        permits.release("c");
        permits.release("b");
        assertThat(permits.acquire("a", () -> woken.add("a"))).isTrue();
        assertThat(permits.areWanted()).isFalse();
    }

    private List<CompletableFuture<Long>> flushAll(Bench bench, Flusher flusher) {
        logs.all().values().forEach(log -> flusher.register(log.wal(7)));
        fillAll();
        var flushed = logs.all().keySet().stream().map(flusher::flush).toList();
        for (var i = 0; i < 100 && !flushed.stream().allMatch(CompletableFuture::isDone); i++) {
            bench.pass(Duration.ofMillis(100), flusher);
        }
        return flushed;
    }

    /** Fills all logs with incompressible bytes. */
    private void fillAll() {
        var random = new Random(3);
        var records = IntStream.range(0, RECORDS)
                .mapToObj(any -> {
                    var value = new byte[RECORD_BYTES];
                    random.nextBytes(value);
                    return WalRecord.of(value);
                })
                .toList();
        logs.all().values().forEach(log -> log.fill(records));
    }

    private void assertAllInSegments() {
        for (PChannel pchannel : logs.all().keySet()) {
            var report = new Segments(memory).verify(pchannel);
            assertThat(report.bad()).isEmpty();
            assertThat(report.records()).isEqualTo(RECORDS);
        }
    }

    private static long sizes(Bench bench) {
        var sum = 0L;
        for (var file : bench.spoolFiles()) {
            try {
                sum += Files.size(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sum;
    }
}
