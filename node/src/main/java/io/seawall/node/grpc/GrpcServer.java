package io.seawall.node.grpc;

import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.seawall.api.v1.AssignmentServiceGrpc;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.node.grpc.admin.AssignmentCalls;
import io.seawall.node.grpc.admin.LogCalls;
import io.seawall.node.grpc.append.Appends;
import io.seawall.node.grpc.call.BlockingWork;
import io.seawall.node.grpc.call.BrokenMessages;
import io.seawall.node.grpc.call.CallGate;
import io.seawall.node.grpc.call.GrpcErrors;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.node.grpc.call.MessageBudget;
import io.seawall.node.grpc.read.Reads;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.periodic.PeriodicTasks;
import io.seawall.node.ports.Readiness;
import io.seawall.node.serve.RequestRouting;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gRPC API of a node. Started once and closed once; {@link #close} may come from any thread. */
public final class GrpcServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    private final GrpcSettings settings;
    private final Readiness readiness;
    private final HealthStatusManager health = new HealthStatusManager();
    private final PeriodicTasks sweeps = new PeriodicTasks("seawall-grpc-sweep");
    private final BlockingWork work;
    private final RequestRouting routing;
    private final CallGate gate;
    private final Appends appends;
    private final Reads reads;
    private final GrpcAccess access;
    private final Network network;
    private final Server server;

    /**
     * Creates a server that does not listen yet.
     *
     * @param settings where to listen, and the limits
     * @param ports the parts that it serves; not closed by the server
     * @param metrics its metrics; not closed by the server
     * @param nanoTime a monotonic clock in nanoseconds
     * @param random creates the ids of errors in the log
     */
    public GrpcServer(
            GrpcSettings settings,
            GrpcPorts ports,
            NodeMetrics metrics,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this(settings, ports, metrics, nanoTime, random, new Reads.Times(SIGN_OF_LIFE, GrpcLimits.STALL));
    }

    /** Like the public constructor, with the times of readers. */
    GrpcServer(
            GrpcSettings settings,
            GrpcPorts ports,
            NodeMetrics metrics,
            LongSupplier nanoTime,
            RandomGenerator random,
            Reads.Times times) {
        this.settings = settings;
        this.readiness = ports.readiness();
        var errors = new GrpcErrors(random);
        var owners = ports.owners().orElse(null);
        var budget = new MessageBudget(settings.batchesBytes());
        work = new BlockingWork("work", GrpcLimits.WORK_THREADS, GrpcLimits.WORK_QUEUE, metrics);
        routing = new RequestRouting(ports.assignments(), owners, "grpc", metrics, nanoTime);
        gate = new CallGate(
                settings.calls(),
                Set.of(LogServiceGrpc.getAppendMethod().getFullMethodName()),
                budget,
                errors,
                metrics,
                nanoTime);
        appends = new Appends(ports.assignments(), owners, routing, settings.sizes(), work, errors, metrics);
        reads = new Reads(ports.tails(), settings.readers(), times, errors, metrics, nanoTime);
        access = new GrpcAccess(ports.access(), errors);
        network = new Network(settings.connections(), metrics);
        var logs = new LogCalls(ports.assignments(), ports.topics(), ports.flushes(), routing, work, errors);
        var builder =
                network.use(NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port())));
        ports.tls().ifPresent(tls -> builder.sslContext(GrpcTls.context(tls)));
        server = builder.addService(service(logs.bindService(), List.of(appends.method(), reads.method()), errors))
                .addService(service(new AssignmentCalls(ports.assignments(), errors).bindService(), List.of(), errors))
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance())
                .intercept(access)
                .intercept(gate) // before the access, since the last one is asked first
                .addStreamTracerFactory(gate)
                .directExecutor() // callbacks do not block, so they need no thread of their own
                // A client that compresses could make a message of 64 KiB fill 32 MiB of memory.
                .decompressorRegistry(DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, true))
                .maxInboundMessageSize(Integer.MAX_VALUE) // the gate has the limits, and tells clients which
                .maxInboundMetadataSize(GrpcLimits.HEADER_BYTES)
                .build();
    }

    /** Returns the service with some methods of our own, and without messages that cannot be read. */
    private static ServerServiceDefinition service(
            ServerServiceDefinition generated, List<ServerMethodDefinition<?, ?>> own, GrpcErrors errors) {
        var methods = new LinkedHashMap<String, ServerMethodDefinition<?, ?>>();
        generated.getMethods().forEach(method -> methods.put(name(method), method));
        own.forEach(method -> methods.put(name(method), method));
        methods.replaceAll((name, method) -> BrokenMessages.guarded(method, errors));
        var descriptor = ServiceDescriptor.newBuilder(
                        generated.getServiceDescriptor().getName())
                .setSchemaDescriptor(generated.getServiceDescriptor().getSchemaDescriptor());
        methods.values().forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        var service = ServerServiceDefinition.builder(descriptor.build());
        methods.values().forEach(service::addMethod);
        return service.build();
    }

    private static String name(ServerMethodDefinition<?, ?> method) {
        return method.getMethodDescriptor().getFullMethodName();
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
            network.close();
            var cause = e.getCause() == null ? e : e.getCause();
            throw Problem.of(ErrorCode.INVALID, "listen on " + settings.host() + ":" + settings.port() + " for gRPC")
                    .found(String.valueOf(cause.getMessage()))
                    .fix(
                            "stop the process that listens there, or set another grpc.host or grpc.port, or grpc.enabled=false")
                    .cause(e)
                    .exception();
        }
        sweeps.every(SWEEP, gate::sweep);
        sweeps.every(SWEEP, appends::sweep);
        sweeps.every(SWEEP, reads::sweep);
        sweeps.every(SWEEP, access::sweep);
        sweeps.every(SWEEP, this::showReadiness);
        LOG.atInfo()
                .addKeyValue("host", settings.host())
                .addKeyValue("port", port())
                .log("gRPC listens");
    }

    private void showReadiness() {
        var ready = readiness.checks().stream().allMatch(Readiness.Check::ok);
        var status = ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        health.setStatus(LogServiceGrpc.SERVICE_NAME, status);
        health.setStatus(AssignmentServiceGrpc.SERVICE_NAME, status);
    }

    /** Returns all services, with their methods. */
    List<ServerServiceDefinition> services() {
        return server.getServices();
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return server.getPort();
    }

    /** Lets calls that append and read end, for a bounded time, then stops. */
    @Override
    public void close() {
        sweeps.close();
        health.enterTerminalState();
        server.shutdown();
        routing.close();
        reads.stop();
        appends.stop();
        try {
            if (!server.awaitTermination(GrpcLimits.STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(GrpcLimits.STOP.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        reads.close();
        work.close();
        routing.stop();
        network.close();
    }
}
