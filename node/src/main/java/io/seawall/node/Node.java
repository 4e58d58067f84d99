package io.seawall.node;

import io.seawall.coordinator.kafka.KafkaClusterMember;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.lifetime.WalManager;
import io.seawall.node.config.Mode;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.grpc.GrpcPorts;
import io.seawall.node.grpc.GrpcServer;
import io.seawall.node.guard.AccessGuard;
import io.seawall.node.guard.NodeToken;
import io.seawall.node.host.DataDirLock;
import io.seawall.node.http.HttpPorts;
import io.seawall.node.http.HttpServer;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.peer.PeerLinks;
import io.seawall.node.peer.PeerLogin;
import io.seawall.node.peer.PeerPositions;
import io.seawall.node.periodic.PeriodicTasks;
import io.seawall.node.ports.PChannelStatus.Positions;
import io.seawall.node.ports.Readiness;
import io.seawall.node.segments.SegmentStores;
import io.seawall.node.tail.Tails;
import io.seawall.node.tls.NodeTls;
import io.seawall.node.watch.KafkaWatch;
import io.seawall.node.watch.LogWatches;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.KafkaTopics;
import io.seawall.walkafka.admin.Topics;
import io.seawall.walkafka.settings.NodeIdentity;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
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
    private static final Duration ASK_INTERVAL = Duration.ofSeconds(1);

    private final NodeConfig config;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final OpenParts parts = new OpenParts();
    private final Optional<NodeTls> tls; // empty for plain text
    private final Optional<AccessGuard> access; // empty if everybody may do everything
    private final Optional<NodeToken> token; // empty if this node shows others no token
    private final Optional<ClusterPart> cluster; // empty in mode manual
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile @Nullable KafkaTopics kafka; // written by start and close, read by close; null while not connected
    private volatile @Nullable String url; // written by start, read at each opening
    private volatile @Nullable String grpc; // written by start, read by any thread; null without gRPC

    private Node(NodeConfig config) {
        this.config = config;
        this.tls = config.tls().map(files -> NodeTls.load(files, clock));
        this.access = config.accessFile().map(file -> AccessGuard.load(file, clock, System::nanoTime));
        this.token = config.accessNodeTokenFile().map(NodeToken::load);
        this.cluster = config.mode() == Mode.CLUSTER
                ? Optional.of(new ClusterPart(ClusterConfig.process(config, random), config.clusterDrainTimeout()))
                : Optional.empty();
    }

    /**
     * Starts a node. Blocks until Kafka's features are verified and HTTP listens.
     *
     * @param config the configuration
     * @return the running node
     * @throws WalException if Kafka does not answer in time or lacks a feature, or the segment store or a file for TLS cannot be used
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
        var slowChecks = parts.add(new PeriodicTasks("seawall-check")); // for checks that may block for long
        var quickChecks = parts.add(new PeriodicTasks("seawall-watch"));
        serve(portsOf(logs, views, metrics, slowChecks, quickChecks), metrics);
        quickChecks.every(ASK_INTERVAL, views.kafka()::ask);
        views.watches().start(quickChecks);
        slowChecks.every(CHECK_INTERVAL, views.kafka()::check);
        readFilesAgain();
        cluster.ifPresent(part -> join(part, metrics));
        LOG.atInfo()
                .addKeyValue("node", config.nodeId())
                .addKeyValue("mode", config.mode())
                .addKeyValue("url", url)
                .addKeyValue("grpc", grpc)
                .log("node started");
    }

    private void readFilesAgain() {
        if (tls.isPresent() || access.isPresent() || token.isPresent()) {
            var reloads = parts.add(new PeriodicTasks("seawall-reload"));
            tls.ifPresent(files -> reloads.every(config.reloadEvery(), files::check));
            access.ifPresent(file -> reloads.every(config.reloadEvery(), file::check));
            token.ifPresent(file -> reloads.every(config.reloadEvery(), file::check));
        }
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
        kafka = wals.topics();
        parts.add(() -> kafka = null); // closed before the logs, as their client refuses requests from then on
        wals.topics().verifyCluster();
        var flushing = parts.add(
                store == null
                        ? new NoFlushing(config, wals.readers(), clock)
                        : new SegmentFlushing(config, wals.readers(), store, clock, System::nanoTime));
        cluster.ifPresent(parts::add); // before the logs, so that this process leaves the group after they are closed
        var lifetimes = parts.add(new WalManager(wals.opener(), flushing, WalConfig.lifetimes(config), clock));
        cluster.ifPresent(part -> part.follow(lifetimes, clock, System::nanoTime));
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
     * @param readiness whether the node can do its work
     */
    private record Views(
            TieredReads reads,
            NodeReaders readers,
            LogWatches watches,
            NodeAssignments assignments,
            KafkaWatch kafka,
            Readiness readiness) {}

    private Views viewsOf(Logs logs) {
        var wals = logs.wals();
        var reads = parts.add(logs.flushing().openReads());
        var oldest = new OldestLsn(reads.oldest(), wals::updateStarts, System::nanoTime);
        var readers = new NodeReaders(reads.readers(), oldest, logs.lifetimes());
        var watches = new LogWatches(wals, logs.lifetimes(), clock, System::nanoTime);
        var assignments = new NodeAssignments(
                new NodeAssignments.Self(
                        config.nodeId(),
                        cluster.<Supplier<MetaState>>map(
                                part -> () -> part.cluster().view().state()),
                        () -> url,
                        () -> grpc),
                logs.lifetimes(),
                logs.topics(),
                new LogFacts(readers, wals::holder, logs.flushing()::stored, System::nanoTime),
                cluster.<Function<List<PChannel>, Map<PChannel, Positions>>>map(
                                part -> new PeerPositions(part.cluster(), toNodes(), login())::read)
                        .orElse(unopened -> Map.of()),
                logs.flushing(),
                oldest,
                watches::oddities);
        var watch = new KafkaWatch(
                wals.topics()::verifyCluster, requestsOf(wals.topics()), assignments::local, System::nanoTime);
        var readiness = cluster.map(part -> part.readiness(watch::kafkaChecks, assignments::local))
                .orElse(watch);
        return new Views(reads, readers, watches, assignments, watch, readiness);
    }

    private static KafkaWatch.Requests requestsOf(KafkaTopics topics) {
        return new KafkaWatch.Requests() {
            @Override
            public CompletableFuture<?> askBroker() {
                return topics.askBroker();
            }

            @Override
            public CompletableFuture<?> askController() {
                return topics.askController();
            }
        };
    }

    private NodeMetrics metersOf(Logs logs, Views views) {
        var metrics = parts.add(new NodeMetrics(views.assignments()::local));
        logs.flushing().bind(metrics);
        views.watches().bind(metrics);
        ReaderMetrics.bind(metrics, logs.wals()::readerStats, logs.wals()::flushOffsetFailures);
        views.reads().bind(metrics);
        LifetimeMetrics.bind(metrics.registry(), logs.lifetimes());
        cluster.ifPresent(part -> part.bind(metrics));
        access.ifPresent(guard -> guard.bind(metrics));
        tls.ifPresent(files -> {
            metrics.gauge(
                    "seawall.tls.expires.seconds",
                    "how long the node's certificate is still valid",
                    files::secondsLeft);
            metrics.gauge(
                    "seawall.tls.refused",
                    "changed files for TLS that are refused, so that old ones are used",
                    files::refused);
        });
        return metrics;
    }

    /** Returns what connects to nodes that serve TLS, this one among them: shows this node's certificate, and checks theirs. */
    public SSLContext toNodes() {
        return tls.map(NodeTls::toNodes).orElseGet(NodeTls::ofTheJvm);
    }

    /** Returns the token that this node shows other nodes; empty if it has none. */
    public Optional<String> tokenToNodes() {
        return token.map(NodeToken::token);
    }

    private PeerLogin login() {
        return new PeerLogin(toNodes().getSocketFactory(), this::tokenToNodes, config.insecureBind());
    }

    private HttpPorts portsOf(
            Logs logs, Views views, NodeMetrics metrics, PeriodicTasks slowChecks, PeriodicTasks quickChecks) {
        var lifetimes = logs.lifetimes();
        var topicLogs = cluster.map(
                        part -> TopicLogs.ofCluster(part.topics(logs.topics(), slowChecks, System::nanoTime)))
                .orElseGet(() -> TopicLogs.manual(lifetimes));
        Supplier<Map<PChannel, Long>> rates = cluster.<Supplier<Map<PChannel, Long>>>map(
                        part -> part.rates(lifetimes, metrics, quickChecks, System::nanoTime)::latest)
                .orElse(Map::of);
        return new HttpPorts(
                views.assignments(),
                new NodeTopics(logs.topics(), config.topicCreate(), topicLogs),
                new HeldUpFlushes(logs.flushing().flushes(), views.watches().transactions()),
                views.readers(),
                views.readiness(),
                cluster.map(ClusterPart::cluster),
                cluster.map(part -> part.owners(lifetimes)),
                rates,
                this::grpc,
                tls.map(NodeTls::server),
                access);
    }

    private void serve(HttpPorts ports, NodeMetrics metrics) {
        if (config.grpcEnabled()) {
            var tails = new Tails(ports.readers(), ReadConfig.tails(config), metrics, System::nanoTime);
            serveGrpc(ports, parts.add(tails), metrics);
        }
        var http = parts.add(new HttpServer(HttpConfig.settings(config), ports, metrics, System::nanoTime, random));
        http.start();
        url = config.httpAdvertisedUrl(http.port());
    }

    private void serveGrpc(HttpPorts ports, Tails tails, NodeMetrics metrics) {
        var shared = new GrpcPorts(
                ports.assignments(),
                ports.topics(),
                ports.flushes(),
                tails,
                ports.readiness(),
                ports.owners(),
                ports.tls(),
                ports.access());
        var server = parts.add(new GrpcServer(GrpcConfig.settings(config), shared, metrics, System::nanoTime, random));
        server.start();
        grpc = config.grpcAdvertisedAddress(server.port());
    }

    private void join(ClusterPart part, NodeMetrics metrics) {
        var member = KafkaClusterMember.join(
                ClusterConfig.connection(config),
                ClusterConfig.settings(config, part.self(), url(), grpc().orElse("")));
        part.join(member, member::close);
        parts.add(new PeerLinks(part.cluster(), config.clusterHints(), metrics, random, login()))
                .start();
    }

    /** Returns where the node serves gRPC, as host:port; empty if it does not. */
    public Optional<String> grpc() {
        return Optional.ofNullable(grpc);
    }

    /** Returns the URL of the node's HTTP server. */
    public String url() {
        var known = url;
        if (known == null) {
            throw new IllegalStateException("the node has not started");
        }
        return known;
    }

    /**
     * Hands the logs over to other nodes of the cluster, then stops serving, closes every log, leaves the cluster and disconnects
     * from Kafka; each step has a time limit. A second call, or an interrupt, ends the handing over. If Kafka does not answer,
     * returns within about 3 s, and what is not closed by then ends in the background: the next owner of the logs finds them as
     * after a crash.
     */
    @Override
    public void close() {
        var whole = new Closing(this::askKafka, this::closeAll).run();
        (whole ? LOG.atInfo() : LOG.atWarn())
                .addKeyValue("node", config.nodeId())
                .log(
                        whole
                                ? "node stopped"
                                : "node stopped without Kafka, which does not answer: its logs are left as after a crash");
    }

    private CompletableFuture<?> askKafka() {
        var topics = kafka;
        return topics == null ? CompletableFuture.completedFuture(null) : topics.askBroker();
    }

    private void closeAll() {
        if (closing.compareAndSet(false, true)) {
            cluster.ifPresent(ClusterPart::drain);
        } else {
            cluster.ifPresent(ClusterPart::hurry);
        }
        var unused = Thread.interrupted(); // else nothing would be closed in order
        parts.close();
    }
}
