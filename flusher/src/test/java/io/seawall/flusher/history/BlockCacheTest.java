package io.seawall.flusher.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.Bench;
import io.seawall.flusher.segment.SegmentKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockCacheTest {
    private final BlockCache cache = new BlockCache(100);

    @Test
    void keepsBlocksUntilTheRoomIsNeeded() {
        keep(1, 40);
        keep(2, 40);

        assertThat(cache.block(key(1), 0)).hasSize(40);
        assertThat(cache.block(key(2), 0)).hasSize(40);
        assertThat(cache.block(key(3), 0)).isNull();
        assertThat(cache.bytes()).isEqualTo(80);
    }

    @Test
    void evictsTheSegmentThatWasUnusedForLongest() {
        keep(1, 40);
        keep(2, 40);
        cache.block(key(1), 0);

        keep(3, 40);

        assertThat(cache.block(key(1), 0)).isNotNull();
        assertThat(cache.block(key(2), 0)).isNull();
        assertThat(cache.block(key(3), 0)).isNotNull();
        assertThat(cache.bytes()).isEqualTo(80);
    }

    @Test
    void aNewSegmentStaysHoweverOftenOthersWereUsed() {
        keep(1, 60);
        for (var i = 0; i < 1_000; i++) {
            cache.block(key(1), 0);
        }

        keep(2, 60);

        assertThat(cache.block(key(2), 0)).isNotNull();
    }

    @Test
    void countsWhatIsStillBeingRead() {
        keep(1, 40);
        try (var reading = cache.reservation()) {
            assertThat(reading.reserve(90)).isTrue();

            assertThat(cache.bytes()).isEqualTo(90);
            assertThat(cache.block(key(1), 0)).isNull();
        }
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void aRefusedReservationEvictsNothing() {
        keep(1, 30);
        try (var reading = cache.reservation();
                var late = cache.reservation();
                var tooLarge = cache.reservation()) {
            assertThat(reading.reserve(60)).isTrue();

            assertThat(late.reserve(50)).isFalse();
            assertThat(tooLarge.reserve(101)).isFalse();
            assertThat(cache.block(key(1), 0)).isNotNull();
            assertThat(cache.bytes()).isEqualTo(90);
        }
        assertThat(cache.bytes()).isEqualTo(30);
    }

    @Test
    void aSegmentThatIsKeptAgainCountsOnce() {
        keep(1, 30);
        keep(1, 50);

        assertThat(cache.block(key(1), 0)).hasSize(50);
        assertThat(cache.bytes()).isEqualTo(50);
    }

    @Test
    void aBlockThatIsInUseOutlivesItsEviction() {
        keep(1, 60);
        var used = cache.block(key(1), 0);

        keep(2, 60);
        cache.clear();

        assertThat(used).hasSize(60).containsOnly(1);
        assertThat(cache.bytes()).isZero();
    }

    /** Several verifications at the same time, some of which fail. */
    @RepeatedTest(5)
    void neverExceedsTheRoom() throws Exception {
        var threads = 4;
        var inMemory = new AtomicLong();
        var most = new AtomicLong();
        var pool = Executors.newFixedThreadPool(threads);
        try {
            var start = new CyclicBarrier(threads);
            var readers = new ArrayList<Future<?>>();
            for (var i = 0; i < threads; i++) {
                var random = new Random(i);
                readers.add(pool.submit(() -> {
                    start.await();
                    for (var n = 0; n < 2_000; n++) {
                        var bytes = 1 + random.nextInt(60);
                        try (var room = cache.reservation()) {
                            if (room.reserve(bytes)) {
                                most.accumulateAndGet(inMemory.addAndGet(bytes), Math::max);
                                inMemory.addAndGet(-bytes);
                                if (random.nextInt(4) > 0) {
                                    room.keep(key(random.nextInt(10)), List.of(new byte[bytes]));
                                }
                            }
                        }
                        most.accumulateAndGet(cache.bytes(), Math::max);
                    }
                    return null;
                }));
            }
            for (var reader : readers) {
                reader.get(30, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        var kept = 0L;
        for (var lsn = 0; lsn < 10; lsn++) {
            var block = cache.block(key(lsn), 0);
            kept += block == null ? 0 : block.length;
        }
        assertThat(most).hasValueLessThanOrEqualTo(100);
        assertThat(cache.bytes()).isEqualTo(kept);
    }

    private void keep(int lsn, int bytes) {
        try (var room = cache.reservation()) {
            assertThat(room.reserve(bytes)).isTrue();
            var block = new byte[bytes];
            Arrays.fill(block, (byte) lsn);
            room.keep(key(lsn), List.of(block));
        }
    }

    private static SegmentKey key(long lsn) {
        return new SegmentKey(Bench.ORDERS, lsn);
    }
}
