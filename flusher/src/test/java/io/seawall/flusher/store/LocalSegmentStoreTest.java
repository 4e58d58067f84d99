package io.seawall.flusher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.Bench;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentStore.PutResult;
import io.seawall.wal.OperatorException;
import io.seawall.wal.PChannel;
import io.seawall.wal.RequestException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSegmentStoreTest {
    private static final SegmentKey KEY = new SegmentKey(Bench.ORDERS, 1042);

    @TempDir
    Path folder;

    private LocalSegmentStore store;

    @BeforeEach
    void openStore() {
        store = LocalSegmentStore.open(folder.resolve("a/b"), new Random(1));
    }

    @Test
    void publishesUnderTheTopicThePartitionAndTheFirstLsn() throws Exception {
        var result = store.publish(KEY, file("one"));

        assertThat(result).isEqualTo(PutResult.PUBLISHED);
        assertThat(folder.resolve("a/b/orders/3/00000000000000001042.avro")).hasContent("one");
    }

    @Test
    void keepsTheFirstOfTwoUnderOneName() throws Exception {
        store.publish(KEY, file("one"));

        var second = store.publish(KEY, file("two"));

        assertThat(second).isEqualTo(PutResult.EXISTS);
        try (var in = store.open(KEY)) {
            assertThat(in.readAllBytes()).asString().isEqualTo("one");
        }
    }

    @Test
    void exactlyOneOfManyConcurrentPutsSucceeds() throws Exception {
        var callers = 8;
        var pool = Executors.newFixedThreadPool(callers);
        try {
            for (var round = 0; round < 20; round++) {
                var key = new SegmentKey(Bench.ORDERS, round);
                var file = file("round " + round);
                var start = new CountDownLatch(1);
                var results = new ArrayList<Future<PutResult>>();
                for (var caller = 0; caller < callers; caller++) {
                    Callable<PutResult> put = () -> {
                        start.await();
                        return store.publish(key, file);
                    };
                    results.add(pool.submit(put));
                }
                start.countDown();

                var outcomes = new ArrayList<PutResult>();
                for (var result : results) {
                    outcomes.add(result.get());
                }

                assertThat(Collections.frequency(outcomes, PutResult.PUBLISHED)).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void listsByFirstLsnAndFindsTheLast() throws Exception {
        for (var lsn : List.of(100L, 9L, 0L)) {
            store.publish(new SegmentKey(Bench.ORDERS, lsn), file("x"));
        }

        assertThat(store.list(Bench.ORDERS, -1))
                .extracting(SegmentKey::firstLsn)
                .containsExactly(0L, 9L, 100L);
        assertThat(store.last(Bench.ORDERS)).hasValue(new SegmentKey(Bench.ORDERS, 100));
    }

    @Test
    void anUnknownLogHasNoSegments() throws Exception {
        assertThat(store.list(Bench.ORDERS, -1)).isEmpty();
        assertThat(store.last(Bench.ORDERS)).isEmpty();
        assertThatThrownBy(() -> store.open(KEY)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void leavesNoTemporaryFileBehind() throws Exception {
        store.publish(KEY, file("one"));
        store.publish(KEY, file("two"));

        try (var files = Files.walk(folder.resolve("a"))) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    @Test
    void refusesAFileSystemWhereALinkReplaces() {
        LocalSegmentStore.Linker replacing =
                (name, existing) -> Files.copy(existing, name, StandardCopyOption.REPLACE_EXISTING);

        var broken = new LocalSegmentStore(folder.resolve("broken"), replacing, new Random(1));

        assertThatThrownBy(broken::probe)
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining(folder.resolve("broken").toString())
                .hasMessageContaining("segments.root");
    }

    @Test
    void refusesAFileSystemWithoutHardLinks() {
        LocalSegmentStore.Linker none = (name, existing) -> {
            throw new UnsupportedOperationException("no hard links here");
        };

        var broken = new LocalSegmentStore(folder.resolve("broken"), none, new Random(1));

        assertThatThrownBy(broken::probe)
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("no hard links here");
    }

    @Test
    void refusesAFolderThatIsAFile() throws Exception {
        var taken = Files.writeString(folder.resolve("taken"), "");

        assertThatThrownBy(() -> LocalSegmentStore.open(taken, new Random(1)))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("taken");
    }

    @Test
    void listsTheLogsThatHaveSegments() throws Exception {
        store.publish(new SegmentKey(PChannel.parse("orders-10"), 0), file("x"));
        store.publish(new SegmentKey(PChannel.parse("orders-9"), 0), file("x"));
        store.publish(new SegmentKey(PChannel.parse("audit-0"), 0), file("x"));
        Files.createDirectories(folder.resolve("a/b").resolve("empty/0"));
        Files.createDirectories(folder.resolve("a/b").resolve("Not A Topic/0"));
        Files.createDirectories(folder.resolve("a/b").resolve("orders/not-a-number"));

        assertThat(store.pchannels())
                .extracting(PChannel::toString)
                .containsExactly("audit-0", "orders-9", "orders-10");
    }

    @Test
    void aStoreThatIsOnlyReadIsNeitherProbedNorCreated() throws Exception {
        var nowhere = folder.resolve("nowhere");

        assertThatThrownBy(() -> LocalSegmentStore.reading(nowhere))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(nowhere.toString());
        assertThat(nowhere).doesNotExist();
        var before = Files.getLastModifiedTime(folder.resolve("a/b"));
        LocalSegmentStore.reading(folder.resolve("a/b"));
        assertThat(Files.getLastModifiedTime(folder.resolve("a/b"))).isEqualTo(before);
    }

    private Path file(String content) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "content", ""), content);
    }
}
