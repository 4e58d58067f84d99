package io.seawall.it.proxy;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A broker for the tests of the proxy: answers each request with its correlation id and its body, and records the requests.
 */
final class FrameEcho implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Integer> received = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();

    FrameEcho() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "frame-echo");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                var connection = listener.accept();
                connections.add(connection);
                start(() -> answer(connection));
            }
        } catch (IOException closed) {
            // The echo was closed.
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            var in = new DataInputStream(connection.getInputStream());
            while (true) {
                var request = Frame.ofRequest(in.readNBytes(in.readInt()));
                var correlationId = request.request().correlationId();
                received.add(correlationId);
                connection
                        .getOutputStream()
                        .write(ByteBuffer.allocate(8)
                                .putInt(4)
                                .putInt(correlationId)
                                .array());
            }
        } catch (IOException ended) {
            // The proxy closed the connection.
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Returns the correlation ids of the received requests, in order. */
    List<Integer> received() {
        return received;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var connection : connections) {
            connection.close();
        }
    }
}
