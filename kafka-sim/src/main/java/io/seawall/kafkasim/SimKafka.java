package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.port.TopicAdmin;
import io.seawall.walkafka.settings.WalSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A simulated Kafka cluster and the processes that use it. */
public final class SimKafka {
    private final EventLoop loop;
    private final Faults faults;
    private final Trace trace;
    private final Events events;
    private final Options options;
    private final Map<PChannel, SimPartition> partitions = new HashMap<>();
    private final Map<String, TxnCoordinator> coordinators = new TreeMap<>();
    private final Map<String, Integer> creations = new HashMap<>();
    private long producerIds = 1_000;

    /**
     * Values that can be made small, so that rare events occur in a short run.
     *
     * @param transactionTimeoutMs after this the coordinator aborts a transaction
     * @param lastEpoch the epoch at which a producer id is used up; 32,766 in Kafka
     */
    public record Options(long transactionTimeoutMs, int lastEpoch) {
        /** Returns Kafka's own numbers, and wal-kafka's transaction timeout. */
        public static Options likeKafka() {
            return new Options(60_000, 32_766);
        }
    }

    /** Receives what clients observe, for monitoring a run. */
    public interface Events {
        /** Ignores all events. */
        Events IGNORED = new Events() {};

        /** A process requests a transactional id. */
        default void initializing(SimProcess process, String transactionalId) {}

        /** A producer of a process learns that something failed. */
        default void failed(SimProcess process, String transactionalId, LaneFault.Kind kind) {}

        /** A producer of a process accepts one more record; receives all that are not acknowledged. */
        default void sending(SimProcess process, String transactionalId, Stream<Outgoing> unacknowledged) {}

        /** A process begins to read from a deposed leader. */
        default void staleRead(SimProcess process) {}
    }

    /**
     * Creates a cluster without topics.
     *
     * @param loop runs all events
     * @param faults the random faults
     * @param trace records the run
     * @param events receives what clients observe
     * @param options the values that differ from Kafka's
     */
    public SimKafka(EventLoop loop, Faults faults, Trace trace, Events events, Options options) {
        this.loop = loop;
        this.faults = faults;
        this.trace = trace;
        this.events = events;
        this.options = options;
    }

    /** Creates a topic with one partition, or creates it again: empty, and with another id. */
    public SimPartition createTopic(PChannel pchannel) {
        creations.merge(pchannel.topic(), 1, Integer::sum);
        var partition = new SimPartition(pchannel.toString(), loop, faults, trace, coordinators);
        var before = partitions.put(pchannel, partition);
        if (before != null) {
            before.replaceBy(partition);
        }
        return partition;
    }

    /** Deletes a topic; it is unknown until it is created again. */
    public void deleteTopic(PChannel pchannel) {
        partition(pchannel).delete();
    }

    /** Creates a process that uses the cluster. */
    public SimProcess process(String name) {
        return new SimProcess(name, loop, faults);
    }

    /**
     * Creates everything that wal-kafka needs, for one process.
     *
     * @param process where it runs
     * @param settings with the timeouts of the clients
     */
    public Ports ports(SimProcess process, WalSettings settings) {
        return ports(process, settings, options.transactionTimeoutMs());
    }

    /**
     * Creates the ports for a process with a different transaction timeout.
     *
     * @param transactionTimeoutMs after this the coordinator aborts a transaction
     */
    public Ports ports(SimProcess process, WalSettings settings, long transactionTimeoutMs) {
        var timeouts = new SimProducer.ProducerTimeouts(
                settings.timeouts().open().toMillis() * 1_000,
                settings.timeouts().delivery().toMillis() * 1_000,
                transactionTimeoutMs * 1_000);
        RandomGenerator random = faults.random();
        return new Ports(
                (pchannel, lane) -> new SimProducer(this, process, pchannel, lane, timeouts),
                (pchannel, isolation) -> cursor(process, pchannel, isolation),
                (pchannel, isolation) -> new BlockingCursor(cursor(process, pchannel, isolation), loop, process),
                topic -> describe(topic, settings),
                this::deleteBelow,
                new SimFlushOffsets(this),
                new Ports.Platform(process, random, process::execute, process));
    }

    private CompletableFuture<Void> deleteBelow(PChannel pchannel, long offset) {
        if (faults.strikes(Fault.ADMIN_TIMEOUT)) {
            return CompletableFuture.failedFuture(Problem.of(ErrorCode.UNAVAILABLE, "delete old records of " + pchannel)
                    .pchannel(pchannel)
                    .found("no answer")
                    .exception());
        }
        if (partition(pchannel).isDeleted()) {
            return CompletableFuture.failedFuture(Problem.of(ErrorCode.NOT_FOUND, "delete old records of " + pchannel)
                    .pchannel(pchannel)
                    .found("no such topic")
                    .exception());
        }
        partition(pchannel).trim(offset);
        return CompletableFuture.completedFuture(null);
    }

    private SimCursor cursor(SimProcess process, PChannel pchannel, Isolation isolation) {
        return new SimCursor(this, process, pchannel, isolation);
    }

    private CompletableFuture<TopicAdmin.Facts> describe(String topic, WalSettings settings) {
        var creation = creations.get(topic);
        var isThere = partitions.entrySet().stream()
                .anyMatch(entry -> entry.getKey().topic().equals(topic)
                        && !entry.getValue().isDeleted());
        if (!isThere || faults.strikes(Fault.ADMIN_TIMEOUT)) {
            var code = isThere ? ErrorCode.UNAVAILABLE : ErrorCode.NOT_FOUND;
            return CompletableFuture.failedFuture(Problem.of(code, "describe topic " + topic)
                    .found("no answer")
                    .exception());
        }
        var count = (int) partitions.keySet().stream()
                .filter(pchannel -> pchannel.topic().equals(topic))
                .count();
        var facts = new TopicAdmin.Facts("id-" + topic + "-" + creation, count, 3, TopicFacts.settings(settings));
        return CompletableFuture.completedFuture(facts);
    }

    /** Returns the partition of a log; it must have been created. */
    public SimPartition partition(PChannel pchannel) {
        var partition = partitions.get(pchannel);
        if (partition == null) {
            throw new IllegalStateException("no topic for " + pchannel + ": create it first");
        }
        return partition;
    }

    public static String transactionalId(PChannel pchannel, Lane lane) {
        return pchannel + "-" + lane.suffix();
    }

    /** Returns the coordinators of all transactional ids that were ever used. */
    public Collection<TxnCoordinator> coordinators() {
        return coordinators.values();
    }

    TxnCoordinator coordinator(String transactionalId) {
        return coordinators.computeIfAbsent(
                transactionalId,
                id -> new TxnCoordinator(id, loop, faults, trace, () -> producerIds++, options.lastEpoch()));
    }

    Connection connect(SimProcess process) {
        return new Connection(process, loop, faults);
    }

    EventLoop loop() {
        return loop;
    }

    Faults faults() {
        return faults;
    }

    Trace trace() {
        return trace;
    }

    Events events() {
        return events;
    }
}
