package io.seawall.node.http;

import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.Flushes;
import io.seawall.node.ports.PChannelState;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.Readiness;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.Topic;
import io.seawall.walkafka.admin.TopicOutcome;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.admin.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The inside of a node in memory: implements the ports, with knobs. */
public final class StubNode implements Assignments, Topics, Flushes, Readiness {
    public final FakeNodeLogs logs = new FakeNodeLogs();
    final Map<String, Topic> topics = new ConcurrentSkipListMap<>();
    public final Map<PChannel, PChannelStatus.Ownership> owners = new ConcurrentHashMap<>();

    public final Map<PChannel, PChannelStatus.Assigned> assigned = new ConcurrentHashMap<>();

    /** The result of {@link #assign} for a term above the last. */
    public volatile CompletableFuture<Void> assigning = CompletableFuture.completedFuture(null);

    /** The error of {@link #status}; null for none. */
    volatile @Nullable WalException statusError;

    /** What {@link #status} shows as out of the ordinary, for every pchannel. */
    volatile PChannelStatus.Oddities oddities = PChannelStatus.Oddities.NONE;

    public volatile boolean kafka = true;
    final Set<PChannel> paused = ConcurrentHashMap.newKeySet();

    public void own(PChannel pchannel, long term) {
        owners.put(pchannel, new PChannelStatus.Ownership(term, 0, "n1", "http://n1:7070"));
    }

    /** The logs that have three segments each. */
    final List<PChannel> withSegments = new ArrayList<>();

    boolean storeAnswers = true;

    @Override
    public CompletableFuture<Void> assign(PChannel pchannel, long term, boolean available) {
        logs.log(pchannel);
        var held = owners.getOrDefault(pchannel, PChannelStatus.Ownership.NONE).term();
        if (term <= held) {
            return CompletableFuture.failedFuture(Problem.of(ErrorCode.IGNORED, "assign " + pchannel)
                    .pchannel(pchannel)
                    .found("term " + term)
                    .expected("a term above " + held)
                    .exception());
        }
        own(pchannel, term);
        return assigning;
    }

    @Override
    public CompletableFuture<Long> trim(PChannel pchannel, long before) {
        return ownedWal(pchannel).trim(before);
    }

    @Override
    public List<PChannelStatus> statuses() {
        return logs.logs.keySet().stream().map(this::status).toList();
    }

    @Override
    public List<PChannelStatus> local() {
        return statuses().stream()
                .filter(status -> status.state() == PChannelState.AVAILABLE)
                .toList();
    }

    @Override
    public PChannelStatus status(PChannel pchannel) {
        var error = statusError;
        if (error != null) {
            throw error;
        }
        var bounds = logs.log(pchannel).bounds();
        var owner = owners.getOrDefault(pchannel, PChannelStatus.Ownership.NONE);
        return new PChannelStatus(
                pchannel,
                owner,
                new PChannelStatus.Positions(bounds.oldest(), bounds.tail(), 0),
                "n1".equals(owner.owner()) ? PChannelState.AVAILABLE : PChannelState.UNAVAILABLE,
                null,
                Instant.EPOCH,
                assigned.get(pchannel),
                paused.contains(pchannel) ? new PChannelStatus.Flush("waiting", true, null, 0, null, null) : null,
                oddities,
                null);
    }

    @Override
    public Wal ownedWal(PChannel pchannel) {
        var log = logs.log(pchannel);
        var owner = owners.getOrDefault(pchannel, PChannelStatus.Ownership.NONE);
        if (!"n1".equals(owner.owner())) {
            throw Problem.of(ErrorCode.NOT_OWNER, "append to " + pchannel)
                    .pchannel(pchannel)
                    .found("owner " + owner.owner())
                    .exception();
        }
        return log;
    }

    @Override
    public TopicOutcome create(TopicSpec spec) {
        var there = topics.get(spec.name());
        var replication = spec.replicationFactor().orElse(1);
        if (there != null
                && (there.pchannels() > spec.pchannels()
                        || there.replicationFactor() != replication
                        || !there.compression().equals(spec.compression()))) {
            return new TopicOutcome(TopicOutcome.Kind.CONFLICT, there);
        }
        var made = new Topic(spec.name(), spec.pchannels(), replication, spec.compression());
        topics.put(made.name(), made);
        made.eachPChannel().forEach(pchannel -> {
            logs.create(pchannel);
            own(pchannel, 7);
        });
        var kind = made.equals(there) ? TopicOutcome.Kind.SAME : TopicOutcome.Kind.GROWN;
        return new TopicOutcome(there == null ? TopicOutcome.Kind.CREATED : kind, made);
    }

    @Override
    public void delete(String topic) {
        if (topics.remove(topic) == null) {
            throw Problem.of(ErrorCode.NOT_FOUND, "delete topic " + topic)
                    .expected("one of " + new TreeMap<>(topics).keySet())
                    .exception();
        }
        logs.logs.keySet().removeIf(pchannel -> pchannel.topic().equals(topic));
    }

    @Override
    public List<Topic> list() {
        return List.copyOf(topics.values());
    }

    @Override
    public Optional<Topic> describeNow(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    @Override
    public CompletableFuture<Long> flush(PChannel pchannel) {
        return CompletableFuture.completedFuture(ownedWal(pchannel).tail());
    }

    @Override
    public void pause(PChannel pchannel) {
        ownedWal(pchannel);
        paused.add(pchannel);
    }

    @Override
    public void resume(PChannel pchannel) {
        ownedWal(pchannel);
        paused.remove(pchannel);
    }

    @Override
    public List<Segment> segments(PChannel pchannel, long from, int limit) {
        var all = new ArrayList<Segment>();
        var tail = logs.log(pchannel).tail();
        for (var first = from; first < tail && all.size() < limit; first++) {
            all.add(new Segment(
                    pchannel.topic() + "/" + first + ".avro",
                    false,
                    first,
                    first,
                    1,
                    100,
                    new Flushes.Range(7, 7),
                    new Flushes.Range(1_000, 2_000),
                    "log-id"));
        }
        return all;
    }

    @Override
    public List<PChannel> pchannelsWithSegments(String topic) {
        return withSegments.stream().filter(log -> log.topic().equals(topic)).toList();
    }

    @Override
    public int deleteSegments(PChannel pchannel) {
        if (!storeAnswers) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "delete the segments of " + pchannel)
                    .exception();
        }
        withSegments.remove(pchannel);
        return 3;
    }

    @Override
    public Verified verify(PChannel pchannel) {
        return new Verified(
                1,
                logs.log(pchannel).tail(),
                logs.log(pchannel).tail(),
                List.of(new Flushes.Range(0, 4)),
                List.of("segment 3 is gone"));
    }

    @Override
    public List<Check> checks() {
        return List.of(new Check("kafka", kafka, kafka ? "reachable" : "no broker answers"));
    }
}
