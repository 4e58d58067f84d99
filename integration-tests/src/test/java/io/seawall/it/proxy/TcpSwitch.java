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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/**
 * Forwards connections, and can be cut: then no byte passes in either direction and no connection ends, as if a cable was pulled.
 * Thread-safe.
 */
public final class TcpSwitch implements AutoCloseable {
    private static final int CONNECT_MS = 5_000;
    private static final int CHUNK = 64 * 1024;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final List<ServerSocket> listeners = new ArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "tcp-switch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean cut;
    private volatile boolean closed;

    private TcpSwitch() {}

    /** Listens on free ports of 127.0.0.1. */
    public static TcpSwitch listen(int count) {
        var made = new TcpSwitch();
        try {
            for (var number = 0; number < count; number++) {
                made.listeners.add(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
            }
            return made;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Returns the ports to connect to. */
    public int[] ports() {
        return listeners.stream().mapToInt(ServerSocket::getLocalPort).toArray();
    }

    /** Returns the addresses to connect to, separated by commas. */
    public String addresses() {
        return listeners.stream()
                .map(listener -> "127.0.0.1:" + listener.getLocalPort())
                .collect(Collectors.joining(","));
    }

    /**
     * Starts to forward.
     *
     * @param target returns the port on 127.0.0.1 behind the n-th port
     */
    public void forward(IntUnaryOperator target) {
        for (var number = 0; number < listeners.size(); number++) {
            var listener = listeners.get(number);
            var port = target.applyAsInt(number);
            threads.execute(() -> accept(listener, port));
        }
    }

    /** Lets no byte pass. */
    public void cut() {
        cut = true;
    }

    /** Lets bytes pass again, those included that came meanwhile. */
    public void heal() {
        cut = false;
    }

    private void accept(ServerSocket listener, int port) {
        while (!closed) {
            try {
                var client = listener.accept();
                sockets.add(client);
                threads.execute(() -> connect(client, port));
            } catch (IOException ended) {
                return; // the listener was closed
            }
        }
    }

    private void connect(Socket client, int port) {
        awaitHealed();
        var target = new Socket();
        sockets.add(target);
        try {
            target.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MS);
            client.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
        } catch (IOException nobodyThere) {
            end(client, target);
            return;
        }
        threads.execute(() -> copy(client, target));
        copy(target, client);
    }

    private void copy(Socket from, Socket to) {
        try {
            var buffer = new byte[CHUNK];
            var in = from.getInputStream();
            var out = to.getOutputStream();
            for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                awaitHealed();
                out.write(buffer, 0, count);
            }
        } catch (IOException ended) {
            // One side is gone; the other has to see that too, once bytes pass.
        }
        awaitHealed();
        end(from, to);
    }

    private void awaitHealed() {
        while (cut && !closed) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void end(Socket one, Socket other) {
        for (var socket : List.of(one, other)) {
            sockets.remove(socket);
            try {
                socket.close();
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        for (var listener : listeners) {
            listener.close();
        }
        for (var socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
