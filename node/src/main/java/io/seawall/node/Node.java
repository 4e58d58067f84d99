package io.seawall.node;

import io.seawall.lifetime.LifetimeStatus;
import io.seawall.lifetime.LifetimeStep;
import io.seawall.lifetime.WalManager;
import io.seawall.node.config.Mode;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.http.HttpPorts;
import io.seawall.node.http.HttpServer;
import io.seawall.node.http.HttpSettings;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.PChannelStatus.Oddities;
import io.seawall.node.segments.SegmentStores;
import io.seawall.node.watch.KafkaWatch;
import io.seawall.node.watch.LogBytesWatch;
import io.seawall.node.watch.TimestampWatch;
import io.seawall.node.watch.TransactionWatch;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.settings.NodeIdentity;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: opens logs, serves them over HTTP and flushes them. Started once and closed once; {@link #close} may come from any
 * thread.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration LOOK_AT_CONTROLLER = Duration.ofSeconds(1);
    private static final Duration LOOK_AT_TRANSACTIONS = Duration.ofSeconds(5);
    private static final Duration LOOK_AT_SIZES = Duration.ofSeconds(30);
    private static final Duration OPEN_AFTER_CREATE = Duration.ofSeconds(15);
    private static final Duration REMOVE_BEFORE_DELETE = Duration.ofSeconds(15);

    private final NodeConfig config;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ScheduledExecutorService looks = timer("seawall-look");
    private final ScheduledExecutorService watches =
            timer("seawall-watch"); // a thread of its own, because a look may block for long
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
        if (config.usesDataDir()) {
            closing(DataDirLock.take(config.dataDir()));
        }
        var store = config.flushEnabled() ? closing(SegmentStores.open(config, random)) : null;
        var wals = closing(KafkaWals.connect(
                WalConfig.connection(config),
                WalConfig.settings(config),
                new NodeIdentity(config.nodeId(), () -> url)));
        wals.topics().verifyCluster();
        var topics = wals.topics();
        var flushing = closing(
                store == null
                        ? new NoFlushing(config, wals.readers(), clock)
                        : new SegmentFlushing(config, wals.readers(), store, clock));
        var lifetimes = closing(new WalManager(wals.opener(), flushing, WalConfig.lifetimes(config), clock));
        var seam = closing(flushing.openReads());
        var oldest = new OldestLsn(seam.oldest(), wals::lookAtStarts, System::nanoTime);
        var readers = new NodeReaders(seam.readers(), oldest, lifetimes);
        var facts = new LogFacts(readers, wals::holder, System::nanoTime);
        var self = new NodeAssignments.Self(config.nodeId(), config.mode(), () -> url);
        var transactions = new TransactionWatch(
                () -> expected(lifetimes), wals.topics().foreignTransactions()::look, clock, System::nanoTime);
        var timestamps = new TimestampWatch(() -> opened(lifetimes), wals::timestampLead);
        var assignments = new NodeAssignments(
                self,
                lifetimes,
                topics,
                facts,
                flushing,
                oldest,
                pchannel -> new Oddities(
                        transactions.holdsUp(pchannel).orElse(null),
                        timestamps.aheadMs(pchannel).orElse(null)));
        var metrics = closing(new NodeMetrics(assignments::local));
        flushing.bind(metrics);
        var sizes = new LogBytesWatch(() -> opened(lifetimes), wals.topics()::logBytes);
        sizes.bind(metrics);
        transactions.bind(metrics);
        timestamps.bind(metrics);
        ReaderMetrics.bind(metrics, wals::readerStats, wals::flushOffsetFailures);
        seam.show(metrics);
        LifetimeMetrics.bind(metrics.registry(), lifetimes);
        var watch = new KafkaWatch(
                wals.topics()::verifyCluster, wals.topics()::askController, assignments::local, System::nanoTime);
        var single = new SingleMode(lifetimes, topics::list, wals::holder, System::nanoTime);
        var catalog = new NodeTopics(topics, config.topicCreate(), new NodeTopics.Logs() {
            @Override
            public void open(String topic) {
                if (config.mode() == Mode.SINGLE) {
                    openNow(single, topic);
                }
            }

            @Override
            public void close(String topic) {
                closeAllOf(topic, lifetimes);
            }
        });
        var flushes = new HeldUpFlushes(flushing.flushes(), transactions);
        var ports = new HttpPorts(assignments, catalog, flushes, readers, watch);
        var http = closing(new HttpServer(httpSettings(), ports, metrics, System::nanoTime, random));
        http.start();
        url = config.httpAdvertisedUrl(http.port());
        closing(looks::shutdownNow);
        closing(watches::shutdownNow);
        every(LOOK_AT_CONTROLLER, watches, watch::lookAtController);
        every(LOOK, looks, watch::check);
        every(LOOK_AT_SIZES, looks, sizes::refresh);
        every(LOOK_AT_TRANSACTIONS, watches, transactions::look);
        if (config.mode() == Mode.SINGLE) {
            every(LOOK, looks, () -> {
                var unused = single.reconcile(); // failures are logged and retried there
            });
        }
        LOG.atInfo()
                .addKeyValue("node", config.nodeId())
                .addKeyValue("mode", config.mode())
                .addKeyValue("url", url)
                .log("node started");
    }

    private HttpSettings httpSettings() {
        return new HttpSettings(
                config.httpHost(),
                config.httpPort(),
                config.nodeId(),
                config.walRecordMaxBytes(),
                new HttpSettings.Origins(config.httpAdvertisedUrl(), config.httpCorsOrigins()),
                new HttpSettings.Connections(
                        config.httpConnections(),
                        config.httpConnectionsPerAddress(),
                        HttpSettings.Connections.SPARE,
                        config.httpHeadTimeout(),
                        config.httpMinRateGrace(),
                        config.httpMinRateBytes(),
                        config.httpAcceptQueue()));
    }

    /** Returns the URL of the node's HTTP server. */
    public String url() {
        var known = url;
        if (known == null) {
            throw new IllegalStateException("the node has not started");
        }
        return known;
    }

    private static List<PChannel> opened(WalManager lifetimes) {
        return lifetimes.statuses().stream()
                .filter(status -> status.step() == LifetimeStep.AVAILABLE)
                .map(LifetimeStatus::pchannel)
                .toList();
    }

    /** Those that are being opened as well: an opening waits until every older transaction has ended. */
    private static List<PChannel> expected(WalManager lifetimes) {
        return lifetimes.statuses().stream()
                .filter(status -> status.expected().available())
                .map(LifetimeStatus::pchannel)
                .toList();
    }

    private static ScheduledExecutorService timer(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void every(Duration pause, ScheduledExecutorService timer, Runnable look) {
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                    } catch (RuntimeException bug) {
                        // An exception would end the schedule silently.
                        LOG.atError().setCause(bug).log("a periodic task failed; it will run again");
                    }
                },
                0,
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Opens the pchannels of a new topic, so that an append right after its creation succeeds. A pchannel that is not open
     * in time opens a little later.
     */
    private void openNow(SingleMode single, String topic) {
        CompletableFuture.completedFuture(topic)
                .thenComposeAsync(name -> single.reconcile(), looks)
                .orTimeout(OPEN_AFTER_CREATE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    LOG.atWarn()
                            .addKeyValue("topic", topic)
                            .addKeyValue("error", late.toString())
                            .log("not every pchannel was open when its topic's creation was answered");
                    return null;
                })
                .join();
    }

    /** Closes the open logs of a topic, because an open log ends with an error when its topic is deleted. */
    private static void closeAllOf(String topic, WalManager lifetimes) {
        var removals = lifetimes.statuses().stream()
                .filter(status -> status.pchannel().topic().equals(topic))
                .filter(status -> status.expected().available())
                .map(status ->
                        lifetimes.remove(status.pchannel(), status.expected().term()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(removals)
                .orTimeout(REMOVE_BEFORE_DELETE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    LOG.atWarn()
                            .addKeyValue("topic", topic)
                            .addKeyValue("error", late.toString())
                            .log("not every pchannel was closed before its topic is deleted");
                    return null;
                })
                .join();
    }

    private <T extends AutoCloseable> T closing(T part) {
        opened.push(part);
        return part;
    }

    /** Stops serving, then closes every log, then disconnects from Kafka; each step has a time limit. */
    @Override
    public synchronized void close() {
        while (!opened.isEmpty()) {
            var part = opened.pop();
            try {
                part.close();
            } catch (Exception error) { // AutoCloseable declares no less
                LOG.atWarn()
                        .setCause(error)
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .log("did not close cleanly");
            }
        }
        LOG.atInfo().addKeyValue("node", config.nodeId()).log("node stopped");
    }
}
