package io.seawall.node.grpc;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.seawall.node.access.AddressKey;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.node.metrics.NodeMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The connections of the server: their threads and their limits. */
final class Network implements AutoCloseable {
    private static final long CLOSE_SECONDS = 2;

    private final GrpcSettings.Connections limits;
    private final NodeMetrics metrics;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<AddressKey, Integer> addresses = new ConcurrentHashMap<>(); // the open ones of each
    private final EventLoopGroup acceptor = threads(1, "seawall-grpc-accept");
    private final EventLoopGroup workers = threads(0, "seawall-grpc");

    Network(GrpcSettings.Connections limits, NodeMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
        metrics.gauge("seawall.grpc.connections", "gRPC connections that are open", open::get);
    }

    /** Returns threads; 0 for as many as Netty usually has. */
    private static EventLoopGroup threads(int count, String name) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    /** Lets a server use these threads and limits. */
    NettyServerBuilder use(NettyServerBuilder server) {
        return server.channelFactory(this::newChannel)
                .bossEventLoopGroup(acceptor)
                .workerEventLoopGroup(workers)
                .flowControlWindow(GrpcLimits.FLOW_WINDOW_BYTES)
                .maxConcurrentCallsPerConnection(GrpcLimits.CALLS_OF_CONNECTION)
                .handshakeTimeout(millis(GrpcLimits.HANDSHAKE), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(millis(GrpcLimits.IDLE), TimeUnit.MILLISECONDS)
                .keepAliveTime(millis(GrpcLimits.KEEPALIVE), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(millis(GrpcLimits.KEEPALIVE_ANSWER), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(millis(GrpcLimits.CLIENT_KEEPALIVE), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxRstFramesPerWindow(GrpcLimits.CANCELLED_CALLS, (int) GrpcLimits.CANCELLED_CALLS_WITHIN.toSeconds());
    }

    private static long millis(Duration time) {
        return time.toMillis();
    }

    /** Creates the channel that accepts; the first handler of it sees each connection before the server does. */
    private ServerChannel newChannel() {
        var channel = new NioServerSocketChannel();
        channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object connection) {
                if (admit((Channel) connection)) {
                    context.fireChannelRead(connection);
                }
            }
        });
        return channel;
    }

    private boolean admit(Channel connection) {
        var address = AddressKey.of(connection.remoteAddress());
        var all = open.incrementAndGet();
        var same = addresses.merge(address, 1, Integer::sum);
        if (all > limits.most() || same > limits.perAddress()) {
            leave(address);
            metrics.limited(all > limits.most() ? "connections" : "address");
            connection.unsafe().closeForcibly();
            return false;
        }
        var unused = connection.closeFuture().addListener(closed -> leave(address));
        return true;
    }

    private void leave(AddressKey address) {
        open.decrementAndGet();
        addresses.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Ends the threads, after the server. */
    @Override
    public void close() {
        var accepting = acceptor.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        var working = workers.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        accepting.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        working.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
