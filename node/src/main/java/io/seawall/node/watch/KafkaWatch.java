package io.seawall.node.watch;

import io.seawall.node.ports.PChannelState;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.Readiness;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether Kafka and its controller answer and all expected logs are open. One thread calls {@link #check}, which
 * blocks; one thread calls {@link #checkController}, which does not; any thread may read the checks.
 */
public final class KafkaWatch implements Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);

    /** Longer than brokers take to elect another controller, so that a failover does not make all nodes unready at once. */
    private static final Duration CONTROLLER_PATIENCE = Duration.ofSeconds(5);

    private final Runnable ask;
    private final Supplier<CompletableFuture<?>> askController;
    private final Supplier<List<PChannelStatus>> local;
    private final LongSupplier nanoTime;
    private volatile Check kafka = new Check("kafka", false, "not asked yet"); // written by check, read by any thread
    private volatile @Nullable Controller
            controller; // written when an answer comes, read by any thread; null until the first answer
    private CompletableFuture<?> asking = CompletableFuture.completedFuture(null); // checkController's thread only
    private boolean controllerMissed; // used by checkController's thread only

    /**
     * Creates a watch.
     *
     * @param ask sends Kafka a request; throws a {@link WalException} if Kafka does not answer
     * @param askController sends Kafka's controller a request, within a bounded time; fails if it does not answer
     * @param local the pchannels that this node has an expectation for
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public KafkaWatch(
            Runnable ask,
            Supplier<CompletableFuture<?>> askController,
            Supplier<List<PChannelStatus>> local,
            LongSupplier nanoTime) {
        this.ask = ask;
        this.askController = askController;
        this.local = local;
        this.nanoTime = nanoTime;
    }

    /**
     * What is known of the controller.
     *
     * @param answeredNanos the time of its last answer
     * @param trouble the error of the last request, or null if it was answered
     */
    private record Controller(long answeredNanos, @Nullable String trouble) {
        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        Controller(long answeredNanos, @Nullable String trouble) {
            this.answeredNanos = answeredNanos;
            this.trouble = trouble;
        }
    }

    /** Checks whether Kafka answers. */
    public void check() {
        try {
            ask.run();
            kafka = new Check("kafka", true, "answers");
        } catch (WalException error) {
            kafka = new Check("kafka", false, error.code() + ": " + error.getMessage());
        }
    }

    /**
     * Sends Kafka's controller a request, unless the last one is still open. Logs when the controller stops or begins to
     * answer.
     */
    public void checkController() {
        if (asking.isDone()) {
            asking = askController.get().handle((answer, error) -> {
                note(error);
                return true;
            });
        }
        var check = controllerCheck();
        if (controller != null && check.ok() == controllerMissed) {
            controllerMissed = !check.ok();
            (controllerMissed ? LOG.atWarn() : LOG.atInfo())
                    .addKeyValue("controller", check.detail())
                    .log(
                            controllerMissed
                                    ? "Kafka's controller does not answer: no topic can be created and no leader elected"
                                    : "Kafka's controller answers again");
        }
    }

    private void note(@Nullable Throwable error) {
        var before = controller;
        if (error == null) {
            controller = new Controller(nanoTime.getAsLong(), null);
        } else if (before != null) {
            var trouble = FutureErrors.unwrapped(error).getMessage();
            controller = new Controller(before.answeredNanos(), String.valueOf(trouble));
        }
    }

    private Check controllerCheck() {
        var known = controller;
        if (known == null) {
            return new Check("controller", false, "has not answered yet");
        }
        var silent = Duration.ofNanos(nanoTime.getAsLong() - known.answeredNanos());
        if (silent.compareTo(CONTROLLER_PATIENCE) < 0) {
            return new Check("controller", true, "answers");
        }
        var trouble = known.trouble() == null ? "" : ": " + known.trouble();
        return new Check("controller", false, "has not answered for " + silent.toSeconds() + " s" + trouble);
    }

    /** Returns whether Kafka and its controller answer. */
    public List<Check> kafkaChecks() {
        return List.of(kafka, controllerCheck());
    }

    @Override
    public List<Check> checks() {
        var all = local.get();
        var waiting = all.stream()
                .filter(status -> status.state() == PChannelState.OPENING || status.cause() != null)
                .map(status -> status.pchannel().toString())
                .limit(10)
                .toList();
        var detail = waiting.isEmpty() ? all.size() + " as expected" : "not as expected: " + String.join(", ", waiting);
        return List.of(kafka, controllerCheck(), new Check("pchannels", waiting.isEmpty(), detail));
    }
}
