package io.seawall.it.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.it.kit.FreePort;
import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.kafkalocal.LocalKafka;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Three brokers and several nodes, each in a process of its own, as one cluster. */
final class ClusterLab implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** More settings of every node, to measure what they change: {@code -Dsettings=wal.roll.ms=5000,cluster.hints=false}. */
    private static final List<String> SETTINGS = Arrays.stream(
                    System.getProperty("settings", "").split(","))
            .filter(setting -> !setting.isEmpty())
            .toList();

    private final LocalKafka kafka;
    private final Path folder;
    private final List<String> settings;
    private final Map<String, Integer> ports = new TreeMap<>();
    private final Map<String, NodeProcess> nodes = new ConcurrentHashMap<>();

    private ClusterLab(LocalKafka kafka, Path folder, List<String> settings) {
        this.kafka = kafka;
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * Starts three brokers and the nodes {@code n1}, {@code n2} and so on.
     *
     * @param folder keeps the data of the nodes
     * @param count how many nodes
     * @param settings more settings of each node
     */
    static ClusterLab start(Path folder, int count, String... settings) {
        return start(TestKafka.killable().brokers(3).start(), folder, count, settings);
    }

    /** Starts the nodes on brokers of the test, which the lab closes. */
    static ClusterLab start(LocalKafka kafka, Path folder, int count, String... settings) {
        var lab = new ClusterLab(kafka, folder, List.of(settings));
        try {
            for (var number = 1; number <= count; number++) {
                lab.startNode("n" + number);
            }
            if (count > 0) {
                lab.awaitMembers(count);
            }
            return lab;
        } catch (RuntimeException error) {
            lab.close();
            throw error;
        }
    }

    LocalKafka kafka() {
        return kafka;
    }

    /** Starts a node; one that ran before gets its port again. */
    NodeProcess startNode(String id, String... more) {
        var port = port(id);
        var all = new ArrayList<>(List.of(
                "prefix=lab-", "mode=cluster", "http.port=" + port, "segments.root=" + folder.resolve("segments")));
        all.addAll(settings);
        all.addAll(SETTINGS);
        all.addAll(List.of(more));
        var node = NodeProcess.start(new Spec(id, kafka.bootstrapServers(), folder.resolve(id), List.copyOf(all), ""));
        nodes.put(id, node);
        return node;
    }

    /** Returns the HTTP port of a node, which it keeps over its restarts. */
    int port(String id) {
        return ports.computeIfAbsent(id, unused -> FreePort.find());
    }

    NodeProcess node(String id) {
        var node = nodes.get(id);
        if (node == null) {
            throw new IllegalStateException(id + " does not run");
        }
        return node;
    }

    /** Kills a node as {@code kill -9} does; returns the time of the signal. */
    long kill(String id) {
        var node = node(id);
        nodes.remove(id);
        var nanos = System.nanoTime();
        node.kill();
        return nanos;
    }

    /** Ends a node as SIGTERM does, and waits for its end. */
    void stop(String id) {
        var node = node(id);
        node.close();
        nodes.remove(id);
    }

    /** Returns the ids of the running nodes. */
    List<String> ids() {
        return nodes.keySet().stream().sorted().toList();
    }

    List<String> urls() {
        return nodes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().url())
                .toList();
    }

    /** Returns the API of some running node. */
    NodeApi api() {
        return node(ids().get(0)).api();
    }

    /** Returns what a node knows about the cluster. */
    JsonNode cluster(String id) {
        return node(id).api().get("/v1/cluster").body();
    }

    /** Returns the node that coordinates, as far as the first running node knows; empty if none does. */
    String coordinator() {
        return cluster(ids().get(0)).path("coordinator").path("node").asText("");
    }

    /** Returns the node that has a log available, or null. */
    @Nullable
    String owner(PChannel pchannel) {
        return owners(List.of(pchannel)).get(pchannel);
    }

    /** Returns the nodes that have the logs available, by log. */
    Map<PChannel, String> owners(List<PChannel> pchannels) {
        var owners = new TreeMap<PChannel, String>();
        for (var id : ids()) {
            for (var status :
                    node(id).api().get("/v1/pchannels?scope=node").body().path("pchannels")) {
                var pchannel = PChannel.parse(status.path("pchannel").asText());
                if (status.path("state").asText().equals("available")) {
                    owners.put(pchannel, id);
                }
            }
        }
        owners.keySet().retainAll(pchannels);
        return owners;
    }

    List<PChannel> createTopic(String name, int count) {
        var answer = api().createTopic(name, count);
        if (!answer.isOk()) {
            throw new IllegalStateException("cannot create " + name + ": " + answer);
        }
        var all = IntStream.range(0, count)
                .mapToObj(number -> new PChannel(name, number))
                .toList();
        awaitOwned(all);
        return all;
    }

    void awaitOwned(List<PChannel> pchannels) {
        Awaitility.await("every log has an owner")
                .atMost(PATIENCE)
                .pollInterval(pollInterval(pchannels))
                .until(() -> owners(pchannels).size() == pchannels.size());
    }

    /** Waits until every log has an owner, and the numbers of two nodes differ by one at most. */
    void awaitBalanced(List<PChannel> pchannels) {
        Awaitility.await("the logs are balanced")
                .atMost(PATIENCE)
                .pollInterval(pollInterval(pchannels))
                .until(() -> isBalanced(owners(pchannels), pchannels.size()));
    }

    /** A list of a thousand logs costs the node that makes it milliseconds: asking for it all the time would slow down what is timed. */
    private static Duration pollInterval(List<PChannel> pchannels) {
        return Duration.ofMillis(Math.max(50, pchannels.size()));
    }

    private boolean isBalanced(Map<PChannel, String> owners, int logs) {
        var counts = owners.values().stream().collect(Collectors.groupingBy(id -> id, Collectors.counting()));
        var most = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
        var least = counts.size() < ids().size()
                ? 0
                : counts.values().stream().mapToLong(Long::longValue).min().orElse(0);
        return owners.size() == logs && most - least <= 1;
    }

    /** Waits until some node coordinates and has so many members in the group. */
    void awaitMembers(int count) {
        Awaitility.await(count + " members and a coordinator")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    var coordinator = coordinator();
                    return ids().contains(coordinator)
                            && cluster(coordinator).path("members").size() == count;
                });
    }

    @Override
    public void close() {
        try {
            nodes.values().parallelStream().forEach(NodeProcess::close);
        } finally {
            kafka.close();
        }
    }
}
