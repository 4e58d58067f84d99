package io.seawall.node;

import io.seawall.coordinator.meta.MetaState;
import io.seawall.lifetime.LifetimeState;
import io.seawall.lifetime.LifetimeStatus;
import io.seawall.lifetime.LifetimeStep;
import io.seawall.lifetime.WalManager;
import io.seawall.node.cluster.LogPlaces;
import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.PChannelState;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.PChannelStatus.Assigned;
import io.seawall.node.ports.PChannelStatus.Failure;
import io.seawall.node.ports.PChannelStatus.Oddities;
import io.seawall.node.ports.PChannelStatus.Ownership;
import io.seawall.node.ports.PChannelStatus.Placement;
import io.seawall.node.ports.PChannelStatus.Positions;
import io.seawall.node.ports.PChannelStatus.Target;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.OperatorException;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.RequestException;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.Topic;
import io.seawall.walkafka.admin.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reports to the HTTP layer what is expected of this node and what it has open. Asks the lifetime first. Who owns the other
 * pchannels is said by the cluster's state, or by the log itself if this node is in no cluster.
 */
final class NodeAssignments implements Assignments {
    /** How long {@link #statuses} reads logs that no node has sent: a cluster with many of them must still be shown. */
    private static final Duration READS = Duration.ofSeconds(2);

    private static final String ASSIGNED = "assigned by a client";

    /** How many topics an error names. */
    private static final int MOST_CHOICES = 10;

    private final Self self;
    private final WalManager lifetimes;
    private final Topics topics;
    private final LogFacts facts;
    private final Function<List<PChannel>, Map<PChannel, Positions>> peers;
    private final FlushPositions flushed;
    private final TieredReads.Oldest oldest;
    private final Function<PChannel, Oddities> oddities;

    /**
     * Creates the assignments.
     *
     * @param self this node
     * @param lifetimes the pchannels of this node
     * @param topics lists all pchannels
     * @param facts bounds and holders of logs that are not open here
     * @param peers returns the positions of those of these logs whose owners answer; blocks for a bounded time
     * @param flushed how far logs are flushed
     * @param oldest returns the oldest LSN of this node's logs
     * @param oddities returns what is out of the ordinary
     */
    NodeAssignments(
            Self self,
            WalManager lifetimes,
            Topics topics,
            LogFacts facts,
            Function<List<PChannel>, Map<PChannel, Positions>> peers,
            FlushPositions flushed,
            TieredReads.Oldest oldest,
            Function<PChannel, Oddities> oddities) {
        this.self = self;
        this.lifetimes = lifetimes;
        this.topics = topics;
        this.facts = facts;
        this.peers = peers;
        this.flushed = flushed;
        this.oldest = oldest;
        this.oddities = oddities;
    }

    /**
     * This node.
     *
     * @param id its name
     * @param cluster returns the state of the cluster that it is a member of; empty in mode {@code manual}
     * @param url gives the URL under which others reach it
     * @param grpc gives where it serves gRPC, as host:port
     */
    record Self(String id, Optional<Supplier<MetaState>> cluster, Url url, Url grpc) {
        /** Creates a node without gRPC. */
        Self(String id, Optional<Supplier<MetaState>> cluster, Url url) {
            this(id, cluster, url, () -> null);
        }
    }

    /** Returns an address of the node, or null before it is known. */
    @FunctionalInterface
    interface Url {
        @Nullable
        String get();
    }

    @Override
    public CompletableFuture<Void> assign(PChannel pchannel, long term, boolean available) {
        if (self.cluster().isPresent()) {
            return CompletableFuture.failedFuture(Problem.of(ErrorCode.INVALID, "assign " + pchannel)
                    .pchannel(pchannel)
                    .found("mode=cluster, in which the coordinator gives out terms")
                    .fix("pin the log to a node, or start every node with mode=manual")
                    .exception());
        }
        return available ? lifetimes.open(pchannel, term, ASSIGNED) : lifetimes.remove(pchannel, term, ASSIGNED);
    }

    @Override
    public List<PChannelStatus> statuses() {
        var all = topics.list().stream().flatMap(Topic::eachPChannel).sorted().toList();
        var open = all.stream().filter(this::isOpen).toList();
        var own = own(open);
        var notOpen = new ArrayList<>(all);
        notOpen.removeAll(own.keySet());
        var others = new OtherLogs(peers.apply(notOpen), facts.reads(READS));
        return all.stream()
                .map(pchannel -> {
                    var here = own.get(pchannel);
                    return here == null ? describe(pchannel, others) : here;
                })
                .toList();
    }

    /**
     * Returns the statuses of logs that are open here. One request to Kafka serves all of them, and waits for the store share one
     * limit: with a wait for each log, a list of a thousand would take minutes while Kafka or the store is slow.
     */
    private Map<PChannel, PChannelStatus> own(List<PChannel> open) {
        oldest.refresh(open);
        var reads = facts.reads(READS);
        var own = new HashMap<PChannel, PChannelStatus>();
        for (var pchannel : open) {
            lifetimes
                    .status(pchannel)
                    .map(status -> localStatus(status, reads.left()))
                    .filter(status -> status.state() == PChannelState.AVAILABLE)
                    .ifPresent(status -> own.put(pchannel, status));
        }
        return own;
    }

    /**
     * What is known of the logs that are not open here.
     *
     * @param positions from the nodes that have them open
     * @param reads reads the others
     */
    private record OtherLogs(Map<PChannel, Positions> positions, LogFacts.Reads reads) {}

    @Override
    public List<PChannelStatus> local() {
        return lifetimes.statuses().stream()
                .map(status -> localStatus(status, Duration.ZERO))
                .toList();
    }

    @Override
    public PChannelStatus status(PChannel pchannel) {
        var topic = topics.describeNow(pchannel.topic());
        if (topic.isEmpty() || pchannel.partition() >= topic.get().pchannels()) {
            facts.forget(pchannel);
            throw unknown(pchannel, topic);
        }
        return describe(pchannel, new OtherLogs(Map.of(), facts.reads()));
    }

    private WalException unknown(PChannel pchannel, Optional<Topic> topic) {
        return Problem.of(ErrorCode.NOT_FOUND, "show " + pchannel)
                .pchannel(pchannel)
                .found(topic.map(known -> "a topic with " + known.pchannels() + " pchannels")
                        .orElse("no topic '" + pchannel.topic() + "'"))
                .expected(topic.map(known -> PChannel.names(known.name(), known.pchannels()))
                        .orElseGet(this::choices))
                .exception();
    }

    /** Returns the logs that exist, as a text with a bounded length. */
    private String choices() {
        var all = topics.list();
        if (all.isEmpty()) {
            return "a topic that was created; there is none yet";
        }
        var shown = all.stream()
                .sorted(Comparator.comparing(Topic::name))
                .limit(MOST_CHOICES)
                .map(topic -> PChannel.names(topic.name(), topic.pchannels()))
                .collect(Collectors.joining(", "));
        return all.size() > MOST_CHOICES ? shown + ", ..." : shown;
    }

    @Override
    public Wal ownedWal(PChannel pchannel) {
        return lifetimes.get(pchannel);
    }

    @Override
    public CompletableFuture<Long> trim(PChannel pchannel, long before) {
        var wal = ownedWal(pchannel);
        return wal.trim(before)
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(withReadableOldest(wal, error)));
    }

    private Throwable withReadableOldest(Wal wal, Throwable error) {
        var cause = FutureErrors.unwrapped(error);
        return cause instanceof RequestException outside
                        && outside.problem().numbers().containsKey("oldest")
                ? outside.problem()
                        .with("oldest", oldest.of(wal, Duration.ZERO))
                        .exception()
                : cause;
    }

    private boolean isOpen(PChannel pchannel) {
        return lifetimes
                .status(pchannel)
                .filter(status -> status.step() == LifetimeStep.AVAILABLE)
                .isPresent();
    }

    private PChannelStatus describe(PChannel pchannel, OtherLogs others) {
        var here = lifetimes
                .status(pchannel)
                .map(status -> localStatus(status, others.reads().left()));
        if (here.isPresent() && here.get().state() == PChannelState.AVAILABLE) {
            return here.get();
        }
        var read = read(pchannel, others);
        var placement = placement(pchannel);
        var trouble = here.map(PChannelStatus::cause).orElse(read.trouble());
        return new PChannelStatus(
                pchannel,
                ownership(pchannel, others.reads()),
                read.positions(),
                here.map(PChannelStatus::state).orElse(PChannelState.UNAVAILABLE),
                quarantine(placement).orElse(trouble),
                here.map(PChannelStatus::since).orElse(null),
                here.map(PChannelStatus::assigned).orElse(null),
                here.map(PChannelStatus::flush).orElse(null),
                here.map(PChannelStatus::oddities).orElse(Oddities.NONE),
                placement);
    }

    private Ownership ownership(PChannel pchannel, LogFacts.Reads reads) {
        return self.cluster()
                .map(state -> LogPlaces.ownership(state.get(), pchannel))
                .orElseGet(() -> reads.holder(pchannel)
                        .map(holder -> new Ownership(holder.term(), holder.epoch(), holder.node(), holder.url()))
                        .orElse(Ownership.NONE));
    }

    private @Nullable Placement placement(PChannel pchannel) {
        return self.cluster()
                .flatMap(state -> LogPlaces.placement(state.get(), pchannel))
                .orElse(null);
    }

    /** Returns why a log is in quarantine. Its owner has closed it, so the lifetime no longer knows. */
    private static Optional<String> quarantine(@Nullable Placement placement) {
        return placement == null || placement.code() == null
                ? Optional.empty()
                : Optional.of(placement.code() + ": in quarantine: " + placement.why());
    }

    /**
     * The positions of a log as they were read.
     *
     * @param positions how far it has come, or null if it cannot be read
     * @param trouble why it cannot be read, or null
     */
    private record Reading(
            @Nullable Positions positions, @Nullable String trouble) {
        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        Reading(@Nullable Positions positions, @Nullable String trouble) {
            this.positions = positions;
            this.trouble = trouble;
        }
    }

    /**
     * Reads the positions of a log, unless the node that has it open has sent them. A log that only a person can mend has none, so
     * that it does not hide the others; if Kafka does not answer, the call fails, because then nothing is known of any log.
     */
    private Reading read(PChannel pchannel, OtherLogs others) {
        var sent = others.positions().get(pchannel);
        if (sent != null) {
            return new Reading(sent, null);
        }
        try {
            return new Reading(others.reads().positions(pchannel).orElse(null), null);
        } catch (OperatorException broken) {
            return new Reading(null, sentence(broken));
        }
    }

    private static String sentence(WalException error) {
        return error.code() + ": " + error.getMessage();
    }

    /**
     * Returns the status as far as this node knows it without asking Kafka.
     *
     * @param wait how long to wait for the store to return the oldest LSN in the segments
     */
    private PChannelStatus localStatus(LifetimeStatus status, Duration wait) {
        var wal = available(status);
        // A failure before the pchannel was removed is over: readiness must not depend on it.
        var cause = status.expected().available() ? status.cause() : null;
        var positions = wal.map(log -> new Positions(
                oldest.of(log, wait), log.tail(), flushed.known(log.pchannel()).orElse(0)));
        var odd = oddities.apply(status.pchannel());
        var ownership = wal.map(log -> new Ownership(
                        log.term(),
                        log.epoch(),
                        self.id(),
                        self.url().get(),
                        self.grpc().get()))
                .orElse(new Ownership(status.current().term(), -1, null, null));
        return new PChannelStatus(
                status.pchannel(),
                ownership,
                positions.orElse(null),
                state(status.step()),
                cause == null ? null : sentence(cause),
                status.since(),
                assigned(status),
                flushed.state(status.pchannel())
                        .map(flush -> odd.transaction() == null || lag(positions.orElse(null)) == 0
                                ? flush
                                : flush.waitingFor("transaction"))
                        .orElse(null),
                odd,
                placement(status.pchannel()));
    }

    private static long lag(@Nullable Positions positions) {
        return positions == null ? 0 : positions.lag();
    }

    private static Assigned assigned(LifetimeStatus status) {
        var failure = status.lastFailure();
        return new Assigned(
                target(status.expected()),
                status.current().equals(LifetimeState.INITIAL) ? null : target(status.current()),
                status.termsSeen(),
                failure == null
                        ? null
                        : new Failure(
                                failure.term(),
                                failure.at(),
                                failure.error().code().name(),
                                String.valueOf(failure.error().getMessage())));
    }

    private static Target target(LifetimeState state) {
        return new Target(state.term(), state.available());
    }

    private Optional<Wal> available(LifetimeStatus status) {
        if (status.step() != LifetimeStep.AVAILABLE) {
            return Optional.empty();
        }
        try {
            return Optional.of(lifetimes.get(status.pchannel()));
        } catch (OwnershipException lostJustNow) {
            return Optional.empty();
        }
    }

    private static PChannelState state(LifetimeStep step) {
        return switch (step) {
            case AVAILABLE -> PChannelState.AVAILABLE;
            case OPENING, REGISTERING -> PChannelState.OPENING;
            case UNREGISTERING, CLOSING -> PChannelState.CLOSING;
            case DOWN -> PChannelState.UNAVAILABLE;
        };
    }
}
