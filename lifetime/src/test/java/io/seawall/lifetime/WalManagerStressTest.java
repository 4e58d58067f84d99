package io.seawall.lifetime;

import static io.seawall.lifetime.Waits.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many callers, many pchannels, real threads, and everything that can fail fails now and then. */
class WalManagerStressTest {
    private static final int THREADS = 4;
    private static final int OPERATIONS = 1_500;
    private static final int PCHANNELS = 30;
    private static final int AT_LEAST = 50;

    private final Journal journal = new Journal();
    private final FakeFlusher flusher = new FakeFlusher(journal);
    private final AtomicLong[] terms =
            IntStream.range(0, PCHANNELS).mapToObj(i -> new AtomicLong()).toArray(AtomicLong[]::new);
    private final Map<PChannel, List<LifetimeState>> told = new ConcurrentHashMap<>();
    private final AtomicLong selfEnded = new AtomicLong();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void leavesNothingOpenAndNobodyWaiting(long seed) {
        var opener = new ChaosOpener(seed, journal);
        var manager = new WalManager(
                opener, flusher, new LifetimeSettings(Duration.ofSeconds(10), 4), InstantSource.system());
        manager.addListener(this::remember);

        var answers = callFromManyThreads(manager, seed);
        manager.close();

        assertThat(answers).hasSize(THREADS * OPERATIONS).allMatch(CompletableFuture::isDone);
        assertThat(flusher.registered()).isEmpty();
        assertThat(opener.opened()).allMatch(wal -> wal.closes() == 1);
        assertEachLogWasReleasedInOrder();
        told.values().forEach(WalManagerStressTest::assertForward);
        assertThat(manager.counts().refusals().get(ErrorCode.SUPERSEDED)).isGreaterThan(AT_LEAST);
        assertThat(manager.counts().refusals().get(ErrorCode.IGNORED)).isGreaterThan(AT_LEAST);
        assertThat(manager.counts().refusals().get(ErrorCode.UNAVAILABLE)).isGreaterThan(AT_LEAST);
        assertThat(selfEnded).hasValueGreaterThan(AT_LEAST);
        await().atMost(BOUND).until(WalManagerStressTest::noThreadIsLeft);
        opener.close();
    }

    private List<CompletableFuture<Void>> callFromManyThreads(WalManager manager, long seed) {
        var answers = new CopyOnWriteArrayList<CompletableFuture<Void>>();
        var threads = new ArrayList<CompletableFuture<Void>>();
        for (var thread = 0; thread < THREADS; thread++) {
            var random = new Random(seed * THREADS + thread);
            threads.add(CompletableFuture.runAsync(() -> answers.addAll(call(manager, random))));
        }
        threads.forEach(CompletableFuture::join);
        return answers;
    }

    private List<CompletableFuture<Void>> call(WalManager manager, Random random) {
        var answers = new ArrayList<CompletableFuture<Void>>();
        for (var i = 0; i < OPERATIONS; i++) {
            var number = random.nextInt(PCHANNELS);
            var pchannel = new PChannel("orders", number);
            var term = terms[number].get();
            var answer = switch (random.nextInt(6)) {
                case 0, 1, 2 -> manager.open(pchannel, terms[number].incrementAndGet());
                case 3 -> manager.open(pchannel, term);
                case 4 -> manager.remove(pchannel, term);
                default -> manager.remove(pchannel, Math.max(0, term - 1));
            };
            answers.add(answer);
            if (random.nextInt(10) == 0) {
                answer.cancel(true);
            } else if (random.nextInt(3) == 0) {
                // Otherwise nearly everything is superseded before it is tried.
                await().atMost(BOUND).pollInterval(Duration.ofMillis(1)).until(answer::isDone);
            }
        }
        return answers;
    }

    private void remember(PChannelStatus status) {
        told.computeIfAbsent(status.pchannel(), key -> new CopyOnWriteArrayList<>())
                .add(status.current());
        var cause = status.cause();
        if (cause != null && cause.code() == ErrorCode.FENCED) {
            selfEnded.incrementAndGet();
        }
    }

    /** A log is opened, then perhaps registered and unregistered, then closed, and nothing of it comes after. */
    private void assertEachLogWasReleasedInOrder() {
        var steps = new HashMap<String, String>();
        for (var entry : journal.entries()) {
            var log = entry.substring(entry.indexOf(' '));
            var before = steps.put(log, entry.substring(0, entry.indexOf(' ')));
            var legal = switch (entry.substring(0, entry.indexOf(' '))) {
                case "register" -> before == null;
                case "unregister" -> "register".equals(before);
                case "close" -> before == null || before.equals("unregister");
                default -> false;
            };
            assertThat(legal).as("%s after %s", entry, before).isTrue();
        }
    }

    private static void assertForward(List<LifetimeState> states) {
        for (var i = 1; i < states.size(); i++) {
            assertThat(states.get(i - 1).isBefore(states.get(i))).isTrue();
        }
    }

    private static boolean noThreadIsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("seawall-lifetime-"));
    }
}
