package io.seawall.node.http;

import io.seawall.node.guard.AccessGuard;
import io.seawall.node.http.admin.AssignmentResource;
import io.seawall.node.http.admin.FlushResource;
import io.seawall.node.http.admin.PChannelsResource;
import io.seawall.node.http.admin.TopicsResource;
import io.seawall.node.http.admin.TrimResource;
import io.seawall.node.http.append.AppendResource;
import io.seawall.node.http.append.LineStreams;
import io.seawall.node.http.cluster.ClusterAccess;
import io.seawall.node.http.cluster.ClusterEvents;
import io.seawall.node.http.cluster.ClusterResource;
import io.seawall.node.http.cluster.CommandResource;
import io.seawall.node.http.cluster.ExplanationResource;
import io.seawall.node.http.cluster.PeerResource;
import io.seawall.node.http.cluster.PeerStreams;
import io.seawall.node.http.exchange.BoundedPool;
import io.seawall.node.http.exchange.Exchanges;
import io.seawall.node.http.exchange.HttpErrors;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.http.exchange.OwnerRedirect;
import io.seawall.node.http.exchange.OwnerRouting;
import io.seawall.node.http.exchange.Router;
import io.seawall.node.http.pace.Pace;
import io.seawall.node.http.pace.SlowClients;
import io.seawall.node.http.read.EventReads;
import io.seawall.node.http.read.PageReads;
import io.seawall.node.http.read.ReadResource;
import io.seawall.node.http.read.ReaderPool;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.peer.PeerTimes;
import io.seawall.node.periodic.PeriodicTasks;
import io.seawall.node.serve.BatchRules;
import io.seawall.node.serve.ByteBudget;
import io.seawall.node.tls.ServerTls;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP API of a node. Started once and closed once; {@link #close} may come from any thread. */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int JETTY_THREADS = 24;
    private static final int OUTPUT_BYTES = 64 << 10;
    private static final long SHUTDOWN_IDLE_MS = 50;
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Duration TAIL_EVENT = Duration.ofSeconds(5);

    private final HttpSettings settings;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final ByteBudget bodies = new ByteBudget(HttpLimits.ALL_BODIES_BYTES);
    private final ReaderPool readers;
    private final BoundedPool work;
    private final BoundedPool streams;
    private final PeriodicTasks sweeps = new PeriodicTasks("seawall-http-sweep");
    private final Server server;
    private final ServerConnector connector;
    private final Router router;
    private final ConnectionGate connections;
    private final OwnerRouting routing;
    private final PeerStreams peers;
    private final LineStreams lines;
    private final Optional<AccessGuard> access;
    private final Duration sweepEvery;
    private final Duration beatEvery;

    /**
     * Creates a server that does not listen yet.
     *
     * @param settings where to listen
     * @param ports the parts that it serves; not closed by the server
     * @param metrics its metrics; not closed by the server
     * @param nanoTime a monotonic clock in nanoseconds, for waits and idle readers
     * @param random creates the ids of errors in the log
     */
    public HttpServer(
            HttpSettings settings,
            HttpPorts ports,
            NodeMetrics metrics,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this(settings, ports, metrics, nanoTime, random, TAIL_EVENT, PeerTimes.BEAT);
    }

    /** Like the public constructor, with the time between two tail events. */
    HttpServer(
            HttpSettings settings,
            HttpPorts ports,
            NodeMetrics metrics,
            LongSupplier nanoTime,
            RandomGenerator random,
            Duration tailEvery) {
        this(settings, ports, metrics, nanoTime, random, tailEvery, PeerTimes.BEAT);
    }

    /** Like the public constructor, with the times between two tail events and between two beats for other nodes. */
    @SuppressWarnings("TooManyParameters") // two more than the public constructor
    HttpServer(
            HttpSettings settings,
            HttpPorts ports,
            NodeMetrics metrics,
            LongSupplier nanoTime,
            RandomGenerator random,
            Duration tailEvery,
            Duration beatEvery) {
        this.settings = settings;
        this.beatEvery = beatEvery;
        this.access = ports.access();
        sweepEvery = shorter(SWEEP, settings.connections().head().dividedBy(2));
        readers = new ReaderPool(ports.readers(), nanoTime, metrics);
        work = new BoundedPool("work", HttpLimits.WORK_THREADS, HttpLimits.WORK_QUEUE, metrics);
        streams = new BoundedPool("streams", HttpLimits.STREAM_THREADS, 0, metrics);
        var threads = new QueuedThreadPool(JETTY_THREADS);
        threads.setName("seawall-http");
        server = new Server(threads);
        connector = connector(settings, ports.tls());
        server.addConnector(connector);
        // The gate limits open connections; this limits those that are being opened and closed in a flood.
        var limits = settings.connections();
        server.addBean(
                new NetworkConnectionLimit(limits.most() + limits.spare() + HttpLimits.CLOSING_CONNECTIONS, server));
        server.setErrorHandler(new JettyErrors());
        server.setStopTimeout(STOP.toMillis());
        routing = new OwnerRouting(
                ports.assignments(),
                ports.owners().orElse(null),
                new OwnerRedirect(ports.assignments(), work, settings.nodeId()),
                work,
                metrics,
                nanoTime);
        peers = new PeerStreams(ports.rates(), metrics);
        lines = new LineStreams(metrics);
        router = router(ports, metrics, nanoTime, tailEvery);
        var slow = new SlowClients(new Pace(limits.grace(), limits.bytesPerSecond()), metrics);
        connections = new ConnectionGate(limits, sweepEvery, slow, metrics);
        connector.addEventListener(connections);
        var exchanges = new Exchanges(new HttpErrors(random), metrics, slow);
        var gates = List.of(
                connections, new OriginGate(settings.origins(), ports.tls().isPresent(), metrics));
        var root = crossOrigin(settings.origins(), new RootHandler(router, exchanges, new HttpAccess(ports.access())));
        server.setHandler(new GracefulHandler(new GateHandler(gates, exchanges, root)));
    }

    /**
     * Adds the headers that let pages of allowed sites see answers. {@link OriginGate} decides whose requests are rejected.
     */
    private static Handler crossOrigin(HttpSettings.Origins origins, Handler next) {
        if (origins.allowed().isEmpty()) {
            return next;
        }
        var handler = new CrossOriginHandler();
        handler.setAllowedOriginPatterns(origins.allowed().stream()
                .map(origin -> origin.equals("*") ? origin : Pattern.quote(origin))
                .collect(Collectors.toSet()));
        handler.setAllowedMethods(Set.of("GET", "HEAD", "POST", "PUT", "DELETE"));
        handler.setAllowedHeaders(
                Set.of("Accept", "Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"));
        handler.setExposedHeaders(Set.of("Allow", "Location", "Retry-After"));
        handler.setPreflightMaxAge(HttpLimits.PREFLIGHT);
        handler.setHandler(next);
        return handler;
    }

    private ServerConnector connector(HttpSettings where, Optional<ServerTls> tls) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(HttpLimits.HEADER_BYTES);
        http.setOutputBufferSize(OUTPUT_BYTES);
        var made = new ServerConnector(server, 1, 1, TlsConnections.of(tls, new HttpConnectionFactory(http)));
        made.setHost(where.host());
        made.setPort(where.port());
        made.setIdleTimeout(HttpLimits.IDLE.toMillis());
        made.setAcceptQueueSize(where.connections().acceptQueue());
        made.setShutdownIdleTimeout(SHUTDOWN_IDLE_MS); // each kept-alive connection would otherwise delay the stop
        return made;
    }

    private Router router(HttpPorts ports, NodeMetrics metrics, LongSupplier nanoTime, Duration tailEvery) {
        var table = new Router();
        var rules = new BatchRules(settings.recordMaxBytes());
        new TopicsResource(ports.topics(), ports.flushes(), work, bodies).routes(table);
        new PChannelsResource(ports.assignments(), routing, work).routes(table);
        new AssignmentResource(ports.assignments(), work, bodies).routes(table);
        new AppendResource(ports.assignments(), routing, rules, bodies, lines, metrics).routes(table);
        new ReadResource(
                        new PageReads(readers, metrics, stopping::get),
                        new EventReads(readers, metrics, stopping::get, nanoTime, tailEvery),
                        work,
                        streams)
                .routes(table);
        new TrimResource(ports.assignments(), routing, bodies).routes(table);
        new FlushResource(ports.flushes(), routing, work, streams, bodies).routes(table);
        var cluster = new ClusterAccess(ports.cluster());
        var events = new ClusterEvents(cluster, metrics, stopping::get, nanoTime, tailEvery);
        new ClusterResource(cluster, events, streams).routes(table);
        new ExplanationResource(cluster).routes(table);
        new CommandResource(cluster, bodies).routes(table);
        new PeerResource(cluster, peers, bodies).routes(table);
        new HealthResource(ports.readiness(), metrics, stopping::get, settings.nodeId(), ports.grpc()).routes(table);
        return table;
    }

    /**
     * Starts to listen.
     *
     * @throws io.seawall.wal.RequestException with code INVALID if the address is in use or not one of this machine
     */
    public void start() {
        try {
            server.start();
        } catch (IOException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw Problem.of(ErrorCode.INVALID, "listen on " + settings.host() + ":" + settings.port())
                    .found(
                            cause instanceof UnresolvedAddressException
                                    ? "no address for that name"
                                    : String.valueOf(cause.getMessage()))
                    .fix("stop the process that listens there, or set another http.host or http.port")
                    .cause(e)
                    .exception();
        } catch (Exception e) { // Jetty declares Exception
            throw new IllegalStateException("cannot start the HTTP server", e);
        }
        sweeps.every(SWEEP, readers::sweep);
        sweeps.every(sweepEvery, connections::sweep);
        access.ifPresent(guard -> {
            guard.addListener(this::endRefused);
            sweeps.every(SWEEP, this::endRefused);
        });
        peers.start(beatEvery);
        LOG.atInfo()
                .addKeyValue("host", settings.host())
                .addKeyValue("port", port())
                .log("HTTP listens");
    }

    /** Ends streams whose caller may not have them any more. Those that have a thread look for themselves. */
    private void endRefused() {
        lines.check();
        peers.check();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Returns all routes of the API. */
    List<Router.Route> routes() {
        return router.routes();
    }

    /** Returns the connector that accepts connections. */
    ServerConnector connector() {
        return connector;
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Ends the streams, lets running requests finish for a bounded time, then stops. */
    @Override
    public void close() {
        stopping.set(true);
        routing.close();
        peers.close();
        lines.close();
        try {
            server.stop();
        } catch (Exception e) { // Jetty declares Exception
            LOG.atWarn().setCause(e).log("HTTP did not stop cleanly");
        }
        sweeps.close();
        readers.close();
        streams.close();
        work.close();
        routing.stop();
    }
}
