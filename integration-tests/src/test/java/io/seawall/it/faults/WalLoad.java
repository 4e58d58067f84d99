package io.seawall.it.faults;

import io.seawall.it.kit.History;
import io.seawall.wal.Wal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Offers appends to a log in this process at a steady rate, regardless of the outcome of earlier ones. */
final class WalLoad implements AutoCloseable {
    private static final Duration LAST_ANSWER = Duration.ofMinutes(2);

    private static final Pattern NUMBER = Pattern.compile("#(\\d+)");

    private final Appends appends;
    private final Supplier<Wal> owner;
    private final String padding;
    private final AtomicInteger offered = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "wal-load");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts at once.
     *
     * @param appends appends and records the outcomes
     * @param perSecond how many appends per second are offered
     * @param owner returns the log that takes an append; called for each append
     */
    WalLoad(Appends appends, int perSecond, Supplier<Wal> owner) {
        this(appends, perSecond, 0, owner);
    }

    /** Starts at once, with values of at least {@code valueBytes} bytes. */
    WalLoad(Appends appends, int perSecond, int valueBytes, Supplier<Wal> owner) {
        this.appends = appends;
        this.padding = "x".repeat(valueBytes);
        this.owner = owner;
        var unused = timer.scheduleAtFixedRate(
                this::offer, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
    }

    private void offer() {
        var unused = appends.append(owner.get(), appends.pchannel() + "#" + offered.getAndIncrement() + padding);
    }

    /** Returns the numbers of the offers in the order of the log. They ascend, because one thread makes all offers. */
    static List<Integer> numbers(List<History.Entry> log) {
        return log.stream()
                .map(entry -> NUMBER.matcher(entry.value()))
                .filter(Matcher::find)
                .map(number -> Integer.valueOf(number.group(1)))
                .toList();
    }

    /** Returns the number of offers. */
    int offered() {
        return offered.get();
    }

    /** Waits until this many more appends were acknowledged. */
    void awaitAcknowledged(int more) {
        var before = appends.history().acknowledgedCount();
        Awaitility.await(more + " more acknowledged")
                .atMost(LAST_ANSWER)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> appends.history().acknowledgedCount() >= before + more);
    }

    /** Stops offering, and waits until all appends are answered; may be called again. */
    void stop() {
        timer.shutdown();
        Awaitility.await("the load has ended").atMost(LAST_ANSWER).until(timer::isTerminated);
        appends.awaitAnswers(LAST_ANSWER);
    }

    @Override
    public void close() {
        stop();
    }
}
