package io.seawall.client.internal.rpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.seawall.client.log.Codes;
import io.seawall.client.log.SeawallException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connections to nodes, made when they are first needed. A node serves a bounded number of calls on one connection, and
 * writers and readers keep their calls, so a client with many of them has several connections to a node. Used by the client's
 * thread.
 */
public final class Channels {
    /** The calls of a connection above which another one is made; nodes allow 256. */
    static final int MOST_CALLS = 200;

    /** The most connections to all nodes. Above it, one without calls is closed, or calls share connections. */
    private static final int MOST = 64;

    private final Function<String, ManagedChannelBuilder<?>> builder;
    private final ClientThreads threads;
    private final List<Connection> connections = new ArrayList<>(); // the least recently made first
    private boolean closed;

    /** A channel and the number of its calls. */
    private static final class Connection implements ClientInterceptor {
        final String address;
        final ManagedChannel channel;
        final Channel counting;
        int calls;

        Connection(String address, ManagedChannel channel) {
            this.address = address;
            this.channel = channel;
            this.counting = ClientInterceptors.intercept(channel, this);
        }

        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    calls++;
                    super.start(
                            new SimpleForwardingClientCallListener<>(listener) {
                                @Override
                                public void onClose(Status status, Metadata trailers) {
                                    calls--;
                                    super.onClose(status, trailers);
                                }
                            },
                            headers);
                }
            };
        }
    }

    /**
     * Creates an empty set.
     *
     * @param builder begins the channel to an address
     * @param threads the client's threads
     */
    public Channels(Function<String, ManagedChannelBuilder<?>> builder, ClientThreads threads) {
        this.builder = builder;
        this.threads = threads;
    }

    /**
     * Returns what begins channels over the network.
     *
     * @param credentials plain text or TLS
     * @param keepAlive after which time without a byte a connection with calls is probed
     * @param keepAliveTimeout how long the answer to that may take
     * @param mostMessageBytes the largest message that is taken from a node
     */
    public static Function<String, ManagedChannelBuilder<?>> network(
            ChannelCredentials credentials, Duration keepAlive, Duration keepAliveTimeout, int mostMessageBytes) {
        return address -> Grpc.newChannelBuilder("dns:///" + address, credentials)
                .keepAliveTime(TimeUnit.MILLISECONDS.convert(keepAlive), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(TimeUnit.MILLISECONDS.convert(keepAliveTimeout), TimeUnit.MILLISECONDS)
                .disableRetry()
                .maxInboundMessageSize(mostMessageBytes);
    }

    /**
     * Returns what begins the same channels, and sends a token with each call.
     *
     * @param builder begins channels
     * @param token sends the token
     */
    public static Function<String, ManagedChannelBuilder<?>> withToken(
            Function<String, ManagedChannelBuilder<?>> builder, TokenCredentials token) {
        var interceptor = new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                return next.newCall(method, options.withCallCredentials(token));
            }
        };
        return address -> builder.apply(address).intercept(interceptor);
    }

    /**
     * Returns a channel to a node for one more call. Without a connection it tries to make one at once, also after failures.
     *
     * @throws SeawallException with {@link Codes#CLOSED} after the end: nothing would close another connection
     */
    public Channel to(String address) {
        if (closed) {
            throw SeawallException.of(Codes.CLOSED, "the client is closed").build();
        }
        var best = leastUsed(address);
        if (best == null || (best.calls >= MOST_CALLS && hasRoom())) {
            hasRoom();
            best = new Connection(
                    address, builder.apply(address).executor(threads.loop()).build());
            connections.add(best);
        }
        // gRPC waits 1 s and more between attempts to connect. Callers pause by themselves, and shorter. Only then: it
        // also
        // looks the name up again, and if that fails, gRPC gives up a connection that works.
        if (best.channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            best.channel.resetConnectBackoff();
        }
        return best.counting;
    }

    private @Nullable Connection leastUsed(String address) {
        return connections.stream()
                .filter(connection -> connection.address.equals(address))
                .min(Comparator.comparingInt(connection -> connection.calls))
                .orElse(null);
    }

    /** Closes a connection without calls if there are many; returns whether there is room for another one. */
    private boolean hasRoom() {
        if (connections.size() >= MOST) {
            connections.stream()
                    .filter(connection -> connection.calls == 0)
                    .findFirst()
                    .ifPresent(unused -> {
                        connections.remove(unused);
                        unused.channel.shutdown();
                    });
        }
        return connections.size() < MOST;
    }

    /** Returns how many connections there are. */
    int size() {
        return connections.size();
    }

    /** Ends all calls and connections at once. */
    public List<ManagedChannel> shutdownNow() {
        var all = connections.stream().map(connection -> connection.channel).toList();
        all.forEach(ManagedChannel::shutdownNow);
        connections.clear();
        closed = true;
        return all;
    }
}
