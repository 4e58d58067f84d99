package io.seawall.node.watch;

import io.seawall.node.ports.PChannelState;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.Readiness;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether Kafka and its controller answer and all expected logs are open. One thread calls {@link #check}, which
 * blocks; one thread calls {@link #ask}, which does not; any thread may read the checks.
 */
public final class KafkaWatch implements Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);

    /** A client that looks at a node must learn within 5 s that Kafka is gone. Below that, a slow broker counts as there. */
    private static final Duration BROKER_PATIENCE = Duration.ofSeconds(4);

    /** Longer than brokers take to elect another controller, so that a failover does not make all nodes unready at once. */
    private static final Duration CONTROLLER_PATIENCE = Duration.ofSeconds(5);

    private final Runnable verify;
    private final Question brokers;
    private final Question controller;
    private final Supplier<List<PChannelStatus>> local;
    private volatile Check verified =
            new Check("kafka", false, "not asked yet"); // written by check, read by any thread
    private boolean brokersMissed; // used by ask() only
    private boolean controllerMissed; // used by ask() only

    /** Sends requests; each fails within 2 s if there is no answer. */
    public interface Requests {
        /** Sends a request that any broker answers. */
        CompletableFuture<?> askBroker();

        /** Sends a request that Kafka's controller answers. */
        CompletableFuture<?> askController();
    }

    /**
     * Creates a watch.
     *
     * @param verify verifies the cluster; throws a {@link WalException} if it must not be used or does not answer
     * @param requests sends Kafka requests
     * @param local the pchannels that this node has an expectation for
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public KafkaWatch(Runnable verify, Requests requests, Supplier<List<PChannelStatus>> local, LongSupplier nanoTime) {
        this.verify = verify;
        this.brokers = new Question(requests::askBroker, BROKER_PATIENCE, nanoTime);
        this.controller = new Question(requests::askController, CONTROLLER_PATIENCE, nanoTime);
        this.local = local;
    }

    /** Verifies the cluster. */
    public void check() {
        try {
            verify.run();
            verified = new Check("kafka", true, "answers");
        } catch (WalException error) {
            verified = new Check("kafka", false, error.code() + ": " + error.getMessage());
        }
    }

    /** Sends the requests whose last one was answered or failed. Logs when brokers or the controller stop or begin to answer. */
    public void ask() {
        brokers.ask();
        controller.ask();
        logBrokers();
        if (!brokersMissed) { // otherwise there is nothing to add about the controller
            logController();
        }
    }

    private void logBrokers() {
        var silence = brokers.silence();
        if (silence != null && !brokersMissed) {
            brokersMissed = true;
            LOG.atWarn()
                    .addKeyValue("kafka", silence)
                    .log(
                            "Kafka does not answer: until it does, nothing is appended or opened, and the node is not ready");
        } else if (silence == null && brokersMissed) {
            brokersMissed = false;
            controller.restart(); // it could not be asked either
            LOG.atInfo().log("Kafka answers again");
        }
    }

    private void logController() {
        if (!controller.wasAnswered()) {
            return;
        }
        var silence = controller.silence();
        if (silence != null && !controllerMissed) {
            controllerMissed = true;
            LOG.atWarn()
                    .addKeyValue("controller", silence)
                    .log("Kafka's controller does not answer: no topic can be created and no leader elected");
        } else if (silence == null && controllerMissed) {
            controllerMissed = false;
            LOG.atInfo().log("Kafka's controller answers again");
        }
    }

    private Check kafkaCheck() {
        var silence = brokers.silence();
        return silence == null ? verified : new Check("kafka", false, silence);
    }

    private Check controllerCheck() {
        if (!controller.wasAnswered()) {
            return new Check("controller", false, "has not answered yet");
        }
        var silence = controller.silence();
        return new Check("controller", silence == null, silence == null ? "answers" : silence);
    }

    /** Returns whether Kafka and its controller answer. */
    public List<Check> kafkaChecks() {
        return List.of(kafkaCheck(), controllerCheck());
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
        return List.of(kafkaCheck(), controllerCheck(), new Check("pchannels", waiting.isEmpty(), detail));
    }
}
