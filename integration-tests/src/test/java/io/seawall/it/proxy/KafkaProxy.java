package io.seawall.it.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between Kafka's clients and the brokers of a cluster, with one port for each broker; applies faults to single
 * frames, see {@link FrameFault}. The brokers have to advertise its ports. Thread-safe.
 */
public final class KafkaProxy implements AutoCloseable, Link.Faults {
    private static final int MOST_LINKS = 500;
    private static final int CONNECT_MS = 5_000;

    private final List<ServerSocket> listeners = new ArrayList<>();
    private final List<FrameFault> faults = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "kafka-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;

    private KafkaProxy() {}

    /**
     * Listens on free ports of 127.0.0.1; connections wait until {@link #forward} is called.
     *
     * @param brokers the number of brokers
     */
    public static KafkaProxy listen(int brokers) {
        var proxy = new KafkaProxy();
        try {
            for (var broker = 0; broker < brokers; broker++) {
                proxy.listeners.add(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            }
            return proxy;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Returns the ports that the brokers advertise, one for each. */
    public int[] ports() {
        return listeners.stream().mapToInt(ServerSocket::getLocalPort).toArray();
    }

    /** Returns the addresses that clients connect to. */
    public String bootstrapServers() {
        return listeners.stream()
                .map(listener -> "127.0.0.1:" + listener.getLocalPort())
                .collect(Collectors.joining(","));
    }

    /**
     * Starts to forward.
     *
     * @param brokerPort returns the port on 127.0.0.1 where the n-th broker listens
     */
    public void forward(IntUnaryOperator brokerPort) {
        for (var broker = 0; broker < listeners.size(); broker++) {
            var listener = listeners.get(broker);
            var port = brokerPort.applyAsInt(broker);
            threads.execute(() -> accept(listener, port));
        }
    }

    /** Plants a fault; earlier ones take precedence. */
    public FrameFault plant(FrameFault fault) {
        faults.add(fault);
        return fault;
    }

    /** Removes a fault; a frame that it holds stays held until it is released. */
    public void remove(FrameFault fault) {
        faults.remove(fault);
    }

    private void accept(ServerSocket listener, int port) {
        while (!closed) {
            try {
                connect(listener.accept(), port);
            } catch (IOException error) {
                if (!closed) {
                    failures.add(error);
                    return;
                }
            }
        }
    }

    private void connect(Socket client, int port) throws IOException {
        if (links.size() >= MOST_LINKS) {
            failures.add(new IllegalStateException("more than " + MOST_LINKS + " connections"));
            client.close();
            return;
        }
        var broker = new Socket();
        try {
            broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS);
        } catch (IOException nobodyThere) {
            client.close(); // as if nothing listened here either
            return;
        }
        client.setTcpNoDelay(true);
        broker.setTcpNoDelay(true);
        var link = new Link(client, broker, this);
        links.add(link);
        threads.execute(() -> run(link, link::moveRequests));
        threads.execute(() -> run(link, () -> {
            link.moveAnswers();
            links.remove(link);
        }));
        if (closed) {
            link.close();
        }
    }

    private void run(Link link, Runnable mover) {
        try {
            mover.run();
        } catch (RuntimeException error) {
            failures.add(error);
            link.close();
        }
    }

    @Override
    public Frame rewritten(Frame frame) {
        var result = frame;
        for (var fault : faults) {
            if (fault.kind() == FrameFault.Kind.REWRITE && fault.wants(result)) {
                result = fault.rewritten(result);
            }
        }
        return result;
    }

    @Override
    public @Nullable FrameFault striking(Frame frame) {
        for (var fault : faults) {
            if (fault.kind() != FrameFault.Kind.REWRITE && fault.wants(frame)) {
                return fault;
            }
        }
        return null;
    }

    /**
     * Ends every connection, also those with held frames.
     *
     * @throws IllegalStateException if an error occurred that no fault caused
     */
    @Override
    public void close() {
        closed = true;
        try {
            for (var listener : listeners) {
                listener.close();
            }
        } catch (IOException error) {
            failures.add(error);
        }
        links.forEach(Link::close);
        threads.shutdownNow();
        if (!failures.isEmpty()) {
            var broken = new IllegalStateException("the proxy itself failed, " + failures.size() + " times");
            failures.forEach(broken::addSuppressed);
            throw broken;
        }
    }
}
