package io.seawall.node;

import io.seawall.lifetime.WalManager;
import io.seawall.node.config.Mode;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.http.HttpPorts;
import io.seawall.node.http.HttpServer;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.periodic.PeriodicTasks;
import io.seawall.node.segments.SegmentStores;
import io.seawall.node.watch.KafkaWatch;
import io.seawall.node.watch.LogWatches;
import io.seawall.wal.WalException;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.Topics;
import io.seawall.walkafka.settings.NodeIdentity;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: opens logs, serves them over HTTP and flushes them. Started once and closed once; {@link #close} may come from any
 * thread.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final Duration CONTROLLER_CHECK_INTERVAL = Duration.ofSeconds(1);

    private final NodeConfig config;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final OpenParts parts = new OpenParts();
    private volatile @Nullable String url; // written by start, read at each opening

    private Node(NodeConfig config) {
        this.config = config;
    }

    /**
     * Starts a node. Blocks until Kafka's features are verified and HTTP listens.
     *
     * @param config the configuration
     * @return the running node
     * @throws WalException if Kafka does not answer in time or lacks a feature, or the segment store cannot be used
     */
    public static Node start(NodeConfig config) {
        var node = new Node(config);
        try {
            node.startAll();
            return node;
        } catch (RuntimeException error) {
            node.close();
            throw error;
        }
    }

    private void startAll() {
        var logs = openLogs();
        var views = viewsOf(logs);
        var metrics = metersOf(logs, views);
        var single = new SingleMode(logs.lifetimes(), logs.topics()::list, logs.wals()::holder, System::nanoTime);
        var slowChecks = new PeriodicTasks("seawall-check"); // for checks that may block for long
        serve(logs, views, metrics, new TopicLogs(logs.lifetimes(), () -> openAll(single, slowChecks)));
        parts.add(slowChecks);
        checkPeriodically(views, single, slowChecks, parts.add(new PeriodicTasks("seawall-watch")));
        LOG.atInfo()
                .addKeyValue("node", config.nodeId())
                .addKeyValue("mode", config.mode())
                .addKeyValue("url", url)
                .log("node started");
    }

    /**
     * What opens logs, and writes and flushes them.
     *
     * @param wals the logs in Kafka
     * @param flushing flushes open logs
     * @param lifetimes opens and closes the logs that this node is to own
     */
    private record Logs(KafkaWals wals, Flushing flushing, WalManager lifetimes) {
        Topics topics() {
            return wals.topics();
        }
    }

    private Logs openLogs() {
        if (config.usesDataDir()) {
            parts.add(DataDirLock.take(config.dataDir()));
        }
        var store = config.flushEnabled() ? parts.add(SegmentStores.open(config, random)) : null;
        var wals = parts.add(KafkaWals.connect(
                WalConfig.connection(config),
                WalConfig.settings(config),
                new NodeIdentity(config.nodeId(), () -> url)));
        wals.topics().verifyCluster();
        var flushing = parts.add(
                store == null
                        ? new NoFlushing(config, wals.readers(), clock)
                        : new SegmentFlushing(config, wals.readers(), store, clock, System::nanoTime));
        var lifetimes = parts.add(new WalManager(wals.opener(), flushing, WalConfig.lifetimes(config), clock));
        return new Logs(wals, flushing, lifetimes);
    }

    /**
     * What shows the logs to clients and operators.
     *
     * @param reads reads from Kafka and from segments
     * @param readers the same, with the bounds of this node's logs from memory
     * @param watches what is watched about the logs
     * @param assignments the status of the logs
     * @param kafka whether Kafka answers
     */
    private record Views(
            TieredReads reads,
            NodeReaders readers,
            LogWatches watches,
            NodeAssignments assignments,
            KafkaWatch kafka) {}

    private Views viewsOf(Logs logs) {
        var wals = logs.wals();
        var reads = parts.add(logs.flushing().openReads());
        var oldest = new OldestLsn(reads.oldest(), wals::updateStarts, System::nanoTime);
        var readers = new NodeReaders(reads.readers(), oldest, logs.lifetimes());
        var watches = new LogWatches(wals, logs.lifetimes(), clock, System::nanoTime);
        var assignments = new NodeAssignments(
                new NodeAssignments.Self(config.nodeId(), config.mode(), () -> url),
                logs.lifetimes(),
                logs.topics(),
                new LogFacts(readers, wals::holder, System::nanoTime),
                logs.flushing(),
                oldest,
                watches::oddities);
        var kafka = new KafkaWatch(
                wals.topics()::verifyCluster, wals.topics()::askController, assignments::local, System::nanoTime);
        return new Views(reads, readers, watches, assignments, kafka);
    }

    private NodeMetrics metersOf(Logs logs, Views views) {
        var metrics = parts.add(new NodeMetrics(views.assignments()::local));
        logs.flushing().bind(metrics);
        views.watches().bind(metrics);
        ReaderMetrics.bind(metrics, logs.wals()::readerStats, logs.wals()::flushOffsetFailures);
        views.reads().bind(metrics);
        LifetimeMetrics.bind(metrics.registry(), logs.lifetimes());
        return metrics;
    }

    private void serve(Logs logs, Views views, NodeMetrics metrics, TopicLogs topicLogs) {
        var ports = new HttpPorts(
                views.assignments(),
                new NodeTopics(logs.topics(), config.topicCreate(), topicLogs),
                new HeldUpFlushes(logs.flushing().flushes(), views.watches().transactions()),
                views.readers(),
                views.kafka(),
                Optional.empty());
        var http = parts.add(new HttpServer(HttpConfig.settings(config), ports, metrics, System::nanoTime, random));
        http.start();
        url = config.httpAdvertisedUrl(http.port());
    }

    private void checkPeriodically(
            Views views, SingleMode single, PeriodicTasks slowChecks, PeriodicTasks quickChecks) {
        quickChecks.every(CONTROLLER_CHECK_INTERVAL, views.kafka()::checkController);
        views.watches().start(quickChecks);
        slowChecks.every(CHECK_INTERVAL, views.kafka()::check);
        if (config.mode() == Mode.SINGLE) {
            slowChecks.every(CHECK_INTERVAL, () -> {
                var unused = single.reconcile(); // failures are logged and retried there
            });
        }
    }

    /** Opens the logs that this node gives out terms for; on the thread of the slow checks, because single mode is for one thread. */
    private CompletableFuture<Void> openAll(SingleMode single, Executor slowChecks) {
        return config.mode() == Mode.SINGLE
                ? CompletableFuture.completedFuture(single).thenComposeAsync(SingleMode::reconcile, slowChecks)
                : CompletableFuture.completedFuture(null);
    }

    /** Returns the URL of the node's HTTP server. */
    public String url() {
        var known = url;
        if (known == null) {
            throw new IllegalStateException("the node has not started");
        }
        return known;
    }

    /** Stops serving, then closes every log, then disconnects from Kafka; each step has a time limit. */
    @Override
    public void close() {
        parts.close();
        LOG.atInfo().addKeyValue("node", config.nodeId()).log("node stopped");
    }
}
