package io.seawall.lifetime;

import static io.seawall.lifetime.Waits.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many callers, many pchannels and real threads; every step that can fail sometimes fails. A run with too few failures fails.
 * {@code -Dstress.runs=50} makes more runs than the build does.
 */
class WalManagerStressTest {
    private static final int THREADS = 8;
    private static final int OPERATIONS = 10_000;
    private static final int PCHANNELS = 100;
    private static final long AT_LEAST = 100;
    private static final String GIVEN_UP = "GIVEN_UP";
    private static final String DONE = "DONE";

    private static final List<String> ENOUGH_OF = List.of(
            DONE, GIVEN_UP, ErrorCode.SUPERSEDED.name(), ErrorCode.IGNORED.name(), ErrorCode.UNAVAILABLE.name());

    private final Journal journal = new Journal();
    private final AtomicLong[] terms =
            IntStream.range(0, PCHANNELS).mapToObj(i -> new AtomicLong()).toArray(AtomicLong[]::new);
    private final Map<PChannel, List<LifetimeStatus>> told = new ConcurrentHashMap<>();
    /** Other tests of this process may have left some. */
    private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("stress.runs", 3));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void leavesNoLogOpenAndNoWaiter(long seed) {
        var opener = new ChaosOpener(seed, journal);
        var flusher = new ChaosFlusher(seed, journal);
        var settings = new LifetimeSettings(Duration.ofMinutes(1), Duration.ofSeconds(10), 4);
        var manager = new WalManager(opener, flusher, settings, InstantSource.system());
        manager.addListener(this::remember);

        var answers = callFromManyThreads(manager, seed);
        await().atMost(BOUND).until(() -> manager.statuses().stream().allMatch(WalManagerStressTest::isSettled));
        manager.close();

        assertThat(answers).hasSize(OPERATIONS).allMatch(CompletableFuture::isDone);
        assertThat(flusher.registered()).isEmpty();
        assertThat(opener.opened()).allMatch(wal -> wal.closes() == 1);
        assertEachLogWasReleasedInOrder();
        told.values().forEach(WalManagerStressTest::assertForward);
        assertEnoughWentWrong(answers);
        opener.close();
        await().atMost(BOUND).until(this::noThreadIsLeft);
    }

    private List<CompletableFuture<Void>> callFromManyThreads(WalManager manager, long seed) {
        var answers = new CopyOnWriteArrayList<CompletableFuture<Void>>();
        var threads = new ArrayList<Thread>();
        for (var number = 0; number < THREADS; number++) {
            var random = new Random(seed * THREADS + number);
            var thread = new Thread(() -> answers.addAll(call(manager, random)), "stress-" + number);
            threads.add(thread);
            thread.start();
        }
        await().atMost(BOUND.multipliedBy(6)).until(() -> threads.stream().noneMatch(Thread::isAlive));
        return answers;
    }

    private List<CompletableFuture<Void>> call(WalManager manager, Random random) {
        var answers = new ArrayList<CompletableFuture<Void>>();
        for (var i = 0; i < OPERATIONS / THREADS; i++) {
            var answer = ask(manager, random, random.nextInt(PCHANNELS));
            answers.add(answer);
            if (random.nextInt(10) == 0) {
                answer.cancel(true);
            } else if (random.nextInt(3) == 0) {
                // Otherwise nearly every request is superseded before it is tried.
                await().atMost(BOUND).pollInterval(Duration.ofMillis(1)).until(answer::isDone);
            }
        }
        return answers;
    }

    private CompletableFuture<Void> ask(WalManager manager, Random random, int number) {
        var pchannel = new PChannel("orders", number);
        var term = terms[number].get();
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> manager.open(pchannel, terms[number].incrementAndGet());
            case 3 -> manager.open(pchannel, term);
            case 4 -> manager.remove(pchannel, term);
            default -> manager.remove(pchannel, Math.max(0, term - 1));
        };
    }

    private void remember(LifetimeStatus status) {
        told.computeIfAbsent(status.pchannel(), key -> new CopyOnWriteArrayList<>())
                .add(status);
    }

    private void assertEnoughWentWrong(List<CompletableFuture<Void>> answers) {
        var outcomes = answers.stream()
                .map(WalManagerStressTest::outcome)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        var selfEnded = told.values().stream()
                .flatMap(List::stream)
                .map(LifetimeStatus::cause)
                .filter(cause -> cause != null && cause.code() == ErrorCode.FENCED)
                .count();

        assertThat(ENOUGH_OF)
                .allSatisfy(outcome -> assertThat(outcomes.getOrDefault(outcome, 0L))
                        .as(outcome)
                        .isGreaterThanOrEqualTo(AT_LEAST));
        // A log may also end before its opening is answered.
        outcomes.remove(ErrorCode.FENCED.name());
        assertThat(outcomes).containsOnlyKeys(ENOUGH_OF);
        assertThat(selfEnded).as("logs that ended by themselves").isGreaterThanOrEqualTo(AT_LEAST);
    }

    private static String outcome(CompletableFuture<Void> answer) {
        return answer.handle((done, error) -> {
                    if (error == null) {
                        return DONE;
                    }
                    return error instanceof WalException known ? known.code().name() : GIVEN_UP;
                })
                .join();
    }

    /** Returns whether the expected state is reached, or the expected term is not available for a known reason. */
    private static boolean isSettled(LifetimeStatus status) {
        var failed = status.step() == LifetimeStep.DOWN
                && status.current().term() == status.expected().term()
                && status.cause() != null;
        return status.converged() || failed;
    }

    /** Each log is registered and unregistered or neither, then closed, and nothing follows. */
    private void assertEachLogWasReleasedInOrder() {
        var steps = new HashMap<String, String>();
        for (var entry : journal.entries()) {
            var log = entry.substring(entry.indexOf(' '));
            var step = entry.substring(0, entry.indexOf(' '));
            var before = steps.put(log, step);
            var legal = switch (step) {
                case "register" -> before == null;
                case "unregister" -> "register".equals(before);
                case "close" -> before == null || before.equals("unregister");
                default -> false;
            };
            assertThat(legal).as("%s after %s", entry, before).isTrue();
        }
    }

    private static void assertForward(List<LifetimeStatus> statuses) {
        for (var i = 1; i < statuses.size(); i++) {
            assertThat(statuses.get(i - 1).current().isBefore(statuses.get(i).current()))
                    .isTrue();
        }
    }

    private boolean noThreadIsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread))
                .noneMatch(thread -> thread.getName().startsWith("seawall-lifetime-"));
    }
}
