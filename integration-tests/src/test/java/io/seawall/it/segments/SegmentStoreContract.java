package io.seawall.it.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.flusher.store.SegmentStore.PutResult;
import io.seawall.wal.PChannel;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the flusher and the readers require of a store, on each kind of store. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
abstract class SegmentStoreContract {
    static final PChannel ORDERS = new PChannel("orders", 3);
    private static final SegmentKey KEY = new SegmentKey(ORDERS, 1042);

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private SegmentStore store;

    /** Opens the same, at first empty store, each time as a new process would. */
    abstract SegmentStore open();

    /** Returns the folder in which the store keeps its objects; both kinds have one here. */
    abstract Path objects();

    /** Returns the arguments with which {@link StorePutter} opens the same store. */
    abstract List<String> putterArguments();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
        threads.shutdownNow();
    }

    @Test
    void anObjectIsWhatWasPut() throws Exception {
        var content = new byte[300_000];
        new Random(5).nextBytes(content);
        var file = Files.write(folder.resolve("content"), content);

        var result = store.publish(KEY, file);

        assertThat(result).isEqualTo(PutResult.PUBLISHED);
        assertThat(objects().resolve("orders/3/00000000000000001042.avro")).hasBinaryContent(content);
        assertThat(store.sizeBytes(KEY)).isEqualTo(content.length);
        try (var in = store.open(KEY)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void theFirstOfTwoPutsStays() throws Exception {
        store.publish(KEY, file("one"));

        var second = store.publish(KEY, file("two, which is longer"));

        assertThat(second).isEqualTo(PutResult.EXISTS);
        assertThat(read(store, KEY, 0)).isEqualTo("one");
    }

    @Test
    void theFirstOfTwoPutsStaysForAnotherOpener() throws Exception {
        store.publish(KEY, file("one"));

        try (var other = open()) {
            assertThat(other.publish(KEY, file("two"))).isEqualTo(PutResult.EXISTS);
            assertThat(read(other, KEY, 0)).isEqualTo("one");
        }
    }

    @Test
    void ofManyPutsAtOnceExactlyOneSucceeds() throws Exception {
        var callers = 6;
        try (var other = open()) {
            for (var round = 0; round < 15; round++) {
                var key = new SegmentKey(ORDERS, round);
                var barrier = new CyclicBarrier(callers);
                var contents = IntStream.range(0, callers)
                        .mapToObj(caller -> "by " + caller)
                        .toList();
                var puts = new ArrayList<Callable<PutResult>>();
                for (var caller = 0; caller < callers; caller++) {
                    var through = caller % 2 == 0 ? store : other;
                    var file = file(contents.get(caller));
                    puts.add(() -> {
                        barrier.await(30, TimeUnit.SECONDS);
                        return through.publish(key, file);
                    });
                }

                var results = values(threads.invokeAll(puts));

                assertThat(Collections.frequency(results, PutResult.PUBLISHED))
                        .as("round %d: %s", round, results)
                        .isEqualTo(1);
                assertThat(read(store, key, 0)).isEqualTo(contents.get(results.indexOf(PutResult.PUBLISHED)));
            }
        }
    }

    @Test
    void ofPutsByTwoProcessesExactlyOneSucceeds() throws Exception {
        var keys = 40;
        try (var one = StorePutterProcess.start("one", putterArguments());
                var two = StorePutterProcess.start("two", putterArguments())) {
            one.go(keys);
            two.go(keys);
            var byOne = one.results();
            var byTwo = two.results();

            for (var key = 0; key < keys; key++) {
                var pair = List.of(byOne.get(key), byTwo.get(key));
                assertThat(pair).as("key %d", key).containsExactlyInAnyOrder("PUBLISHED", "EXISTS");
                var winner = byOne.get(key).equals("PUBLISHED") ? "one" : "two";
                assertThat(read(store, new SegmentKey(ORDERS, key), 0)).isEqualTo(winner);
            }
        }
    }

    @Test
    void listsByFirstLsnAboveOne() throws Exception {
        for (var lsn : List.of(100L, 9L, 0L)) {
            store.publish(new SegmentKey(ORDERS, lsn), file("x"));
        }
        store.publish(new SegmentKey(new PChannel("orders", 30), 7), file("of another log"));

        assertThat(lsns(store.list(ORDERS, -1))).containsExactly(0L, 9L, 100L);
        assertThat(lsns(store.list(ORDERS, 0))).containsExactly(9L, 100L);
        assertThat(lsns(store.list(ORDERS, 50))).containsExactly(100L);
        assertThat(lsns(store.list(ORDERS, 100))).isEmpty();
        assertThat(lsns(store.list(ORDERS, Long.MAX_VALUE))).isEmpty();
    }

    @Test
    void listsMoreThanThousands() throws Exception {
        plantSegments(2_345);

        var all = LongStream.range(0, 2_345).mapToObj(segment -> segment * 7).toList();
        assertThat(lsns(store.list(ORDERS, -1))).isEqualTo(all);
        assertThat(lsns(store.list(ORDERS, 699))).isEqualTo(all.subList(100, all.size()));
        assertThat(store.last(ORDERS)).hasValue(new SegmentKey(ORDERS, 2_344 * 7));
    }

    @Test
    void findsTheLastWhoeverPutItAndHoweverItWent() throws Exception {
        assertThat(store.last(ORDERS)).isEmpty();
        try (var other = open()) {
            other.publish(new SegmentKey(ORDERS, 5), file("x"));
            assertThat(store.last(ORDERS)).hasValue(new SegmentKey(ORDERS, 5));

            other.publish(new SegmentKey(ORDERS, 1L << 40), file("x"));
            assertThat(store.last(ORDERS)).hasValue(new SegmentKey(ORDERS, 1L << 40));

            other.delete(new SegmentKey(ORDERS, 1L << 40));
            assertThat(store.last(ORDERS)).hasValue(new SegmentKey(ORDERS, 5));

            other.delete(new SegmentKey(ORDERS, 5));
            assertThat(store.last(ORDERS)).isEmpty();

            other.publish(new SegmentKey(ORDERS, 0), file("x"));
            assertThat(store.last(ORDERS)).hasValue(new SegmentKey(ORDERS, 0));
        }
    }

    @Test
    void opensAtAnyByteUpToTheEnd() throws Exception {
        store.publish(KEY, file("0123456789"));

        assertThat(read(store, KEY, 0)).isEqualTo("0123456789");
        assertThat(read(store, KEY, 1)).isEqualTo("123456789");
        assertThat(read(store, KEY, 9)).isEqualTo("9");
        assertThat(read(store, KEY, 10)).isEmpty();
        assertThatThrownBy(() -> read(store, KEY, 11)).isInstanceOf(EOFException.class);
    }

    @Test
    void aReaderMayLeaveEarly() throws Exception {
        var file = Files.write(folder.resolve("large"), new byte[8 << 20]);
        store.publish(KEY, file);

        for (var round = 0; round < 20; round++) {
            try (var in = store.open(KEY)) {
                assertThat(in.read()).isZero();
            }
        }

        assertThat(store.sizeBytes(KEY)).isEqualTo(8 << 20);
    }

    @Test
    void saysThatAnObjectIsNotThere() throws Exception {
        var name = "orders/3/00000000000000001042.avro";
        assertThatThrownBy(() -> store.open(KEY))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(name);
        assertThatThrownBy(() -> store.open(KEY, 5))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(name);
        assertThatThrownBy(() -> store.sizeBytes(KEY))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(name);
        assertThat(store.list(ORDERS, -1)).isEmpty();
        assertThat(store.describe(KEY)).contains(name);
    }

    @Test
    void deletesWhatIsThereAndWhatIsNot() throws Exception {
        store.publish(KEY, file("x"));

        store.delete(KEY);
        store.delete(KEY);

        assertThat(store.list(ORDERS, -1)).isEmpty();
        assertThatThrownBy(() -> store.open(KEY)).isInstanceOf(NoSuchFileException.class);
        assertThat(store.publish(KEY, file("again"))).isEqualTo(PutResult.PUBLISHED);
    }

    @Test
    void whoeverAsksIsToldTheSameStoreId() throws Exception {
        var askers = 4;
        var barrier = new CyclicBarrier(askers);
        Callable<String> ask = () -> {
            try (var other = open()) {
                barrier.await(30, TimeUnit.SECONDS);
                return other.storeId();
            }
        };

        var ids = values(threads.invokeAll(Collections.nCopies(askers, ask)));

        assertThat(ids).containsOnly(store.storeId());
        assertThat(store.storeId()).isEqualTo(store.storeId()).matches("[0-9a-f]{16}");
        assertThat(objects().resolve("store-id.txt")).hasContent(store.storeId());
    }

    @Test
    void refusesAStoreIdThatIsNone() throws Exception {
        Files.createDirectories(objects());
        Files.writeString(objects().resolve("store-id.txt"), "");

        assertThatThrownBy(store::storeId).isInstanceOf(IOException.class).hasMessageContaining("store-id.txt");
    }

    @Test
    void passesOverWhatIsNoSegment() throws Exception {
        store.publish(KEY, file("x"));
        for (var name : List.of(
                ".00000000000000001043.avro.0123.1.tmp",
                "00000000000000001043.avro.bak",
                "1044.avro",
                "99999999999999999999.avro",
                "00000000000000001045.parquet",
                "~notes")) {
            Files.writeString(objects().resolve("orders/3").resolve(name), "not a segment");
        }

        assertThat(lsns(store.list(ORDERS, -1))).containsExactly(1042L);
        assertThat(store.last(ORDERS)).hasValue(KEY);
    }

    @Test
    void leavesNothingBehindButTheObject() throws Exception {
        store.publish(KEY, file("one"));
        store.publish(KEY, file("two"));

        try (var files = Files.walk(objects())) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    /** Writes segments directly into the folder, which is faster than putting them. */
    final void plantSegments(int count) throws IOException {
        var log = Files.createDirectories(objects().resolve("orders/3"));
        for (var segment = 0; segment < count; segment++) {
            Files.writeString(log.resolve(new SegmentKey(ORDERS, segment * 7L).fileName()), "x");
        }
    }

    final Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "content", ""), content);
    }

    static String read(SegmentStore store, SegmentKey key, long fromByte) throws IOException {
        try (var in = store.open(key, fromByte)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Long> lsns(List<SegmentKey> keys) {
        return keys.stream().map(SegmentKey::firstLsn).toList();
    }

    private static <T> List<T> values(List<Future<T>> futures) throws Exception {
        var values = new ArrayList<T>();
        for (var future : futures) {
            values.add(future.get());
        }
        return values;
    }
}
