package io.seawall.it.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.TestKafka;
import io.seawall.wal.Appended;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers whose code waits at a completion: it holds up only the thread that runs it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WaitingCallersIT {
    private static final int SOON_S = 30;

    private static TestKafka kafka;
    private static KafkaWals node;

    private final Set<String> threads = ConcurrentHashMap.newKeySet(); // that continuations ran on

    @BeforeAll
    static void start() {
        kafka = TestKafka.start();
        node = kafka.connect("node-1");
    }

    @AfterAll
    static void stop() {
        node.close();
        kafka.close();
    }

    private static List<FlushableWal> open(String topic, int count) {
        node.topics().create(TopicSpec.of(topic, count));
        return IntStream.range(0, count)
                .mapToObj(number ->
                        node.opener().open(new PChannel(topic, number), 1).wal().join())
                .toList();
    }

    private static CompletableFuture<Appended> append(Wal wal, String value) {
        return wal.append(value.getBytes(UTF_8));
    }

    private void assertRanOnThreadsOfTheLogs() {
        assertThat(threads).anyMatch(name -> name.startsWith("seawall-wal-"));
    }

    @Test
    void anAppendMayBeWaitedForInTheContinuationOfAnother() {
        for (var wal : open("nested", 3)) {
            for (var round = 0; round < 5; round++) {
                var second = append(wal, "first").thenApply(first -> {
                    threads.add(Thread.currentThread().getName());
                    return append(wal, "second").join();
                });
                var third = append(wal, "third");

                assertThat(second.orTimeout(SOON_S, TimeUnit.SECONDS).join().first())
                        .isNotNegative();
                assertThat(third.orTimeout(SOON_S, TimeUnit.SECONDS).join().first())
                        .isNotNegative();
            }
            assertThat(wal.tail()).isEqualTo(15);
            wal.close();
        }
        assertRanOnThreadsOfTheLogs();
    }

    @Test
    void aLogMayBeClosedInAContinuation() {
        for (var wal : open("closing", 3)) {
            var closed = append(wal, "last").thenAccept(appended -> {
                threads.add(Thread.currentThread().getName());
                wal.close();
            });

            assertThat(closed).succeedsWithin(SOON_S, TimeUnit.SECONDS);
        }
        assertRanOnThreadsOfTheLogs();
    }

    @Test
    void callersThatWaitForGoodHoldUpNoOtherLog() throws InterruptedException {
        var many = 2 * Math.max(2, Runtime.getRuntime().availableProcessors());
        var wals = open("blocked", many);
        var waiting = new CountDownLatch(many);
        var go = new CountDownLatch(1);
        var blocked = wals.stream()
                .map(wal -> append(wal, "a").thenRun(() -> {
                    threads.add(Thread.currentThread().getName());
                    waiting.countDown();
                    await(go);
                }))
                .toList();
        waiting.await();
        var others = open("meanwhile", 2);

        for (var other : others) {
            for (var number = 0; number < 20; number++) {
                append(other, "v" + number).orTimeout(SOON_S, TimeUnit.SECONDS).join();
            }
            other.commit().orTimeout(SOON_S, TimeUnit.SECONDS).join();
        }
        wals.forEach(wal -> append(wal, "b").orTimeout(SOON_S, TimeUnit.SECONDS).join());
        assertThat(blocked).noneMatch(CompletableFuture::isDone);

        go.countDown();
        CompletableFuture.allOf(blocked.toArray(CompletableFuture[]::new))
                .orTimeout(SOON_S, TimeUnit.SECONDS)
                .join();
        others.forEach(Wal::close);
        wals.forEach(Wal::close);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
