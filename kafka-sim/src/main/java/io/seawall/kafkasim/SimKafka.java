package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.WalSettings;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.port.TopicAdmin;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** A simulated Kafka cluster, and the processes that use it. */
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
     * What can be made small, so that it happens in a short run.
     *
     * @param transactionTimeoutMs after this the coordinator aborts a transaction
     * @param lastEpoch the epoch at which a producer id is used up; 32,766 in Kafka
     */
    public record Options(long transactionTimeoutMs, int lastEpoch) {
        /** Kafka's own numbers, and wal-kafka's transaction timeout. */
        public static Options likeKafka() {
            return new Options(60_000, 32_766);
        }
    }

    /** Told what clients meet, for whoever watches a run. */
    public interface Events {
        /** Nobody watches. */
        Events IGNORED = new Events() {};

        /** A process asks for a transactional id. */
        default void initializing(SimProcess process, String transactionalId) {}

        /** A producer of a process is told that something failed. */
        default void failed(SimProcess process, String transactionalId, LaneFault.Kind kind) {}

        /** A process begins to read from a deposed leader. */
        default void staleRead(SimProcess process) {}
    }

    /**
     * A cluster without topics.
     *
     * @param loop what everything runs on
     * @param faults what goes wrong
     * @param trace what is written down
     * @param events told what clients meet
     * @param options what is smaller than in Kafka
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
        var before = partitions.get(pchannel);
        if (before != null) {
            before.delete();
        }
        creations.merge(pchannel.topic(), 1, Integer::sum);
        var partition = new SimPartition(pchannel.toString(), loop, faults, trace, coordinators);
        partitions.put(pchannel, partition);
        return partition;
    }

    /** A process that uses the cluster. */
    public SimProcess process(String name) {
        return new SimProcess(name, loop, faults);
    }

    /**
     * Everything that wal-kafka needs, for one process.
     *
     * @param process where it runs
     * @param settings whose time-outs the clients follow
     */
    public Ports ports(SimProcess process, WalSettings settings) {
        return ports(process, settings, options.transactionTimeoutMs());
    }

    /**
     * The same for a process that asks for another transaction timeout than the rest.
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
                (pchannel, lane) ->
                        new SimProducer(this, process, transactionalId(pchannel, lane), partition(pchannel), timeouts),
                (pchannel, isolation) -> cursor(process, pchannel, isolation),
                (pchannel, isolation) -> new BlockingCursor(cursor(process, pchannel, isolation), loop),
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
        partition(pchannel).trim(offset);
        return CompletableFuture.completedFuture(null);
    }

    private SimCursor cursor(SimProcess process, PChannel pchannel, Isolation isolation) {
        return new SimCursor(this, process, pchannel, partition(pchannel), isolation);
    }

    private CompletableFuture<TopicAdmin.Facts> describe(String topic, WalSettings settings) {
        var creation = creations.get(topic);
        if (creation == null || faults.strikes(Fault.ADMIN_TIMEOUT)) {
            var code = creation == null ? ErrorCode.NOT_FOUND : ErrorCode.UNAVAILABLE;
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

    /** The partition of a log; it must have been created. */
    public SimPartition partition(PChannel pchannel) {
        var partition = partitions.get(pchannel);
        if (partition == null) {
            throw new IllegalStateException("no topic for " + pchannel + ": create it first");
        }
        return partition;
    }

    /** The transactional id of a lane. */
    public static String transactionalId(PChannel pchannel, Lane lane) {
        return pchannel + "-" + lane.suffix();
    }

    /** The coordinators of every transactional id that was ever used. */
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
