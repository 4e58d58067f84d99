package io.seawall.node.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Connections from another address than everybody else's, which do not do what a server waits for. */
final class Slowpokes implements AutoCloseable {
    /** All of 127/8 leads here, on Linux. */
    private static final String ADDRESS = "127.0.0.2";

    private static final int PATIENCE_MS = 60_000;
    private static final int EVERY_MS = 20;

    private final List<Socket> sockets = new ArrayList<>();
    private final ScheduledExecutorService dripping = Executors.newSingleThreadScheduledExecutor();

    /** Sends what a request begins with; the connection stays. */
    Socket begin(int port, String beginning) {
        try {
            var socket = connect(port);
            sockets.add(socket);
            try {
                socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // The server has closed it already, which is an answer too.
            }
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends one more byte every few milliseconds until that fails or the test ends. */
    Socket drip(Socket socket) {
        var unused = dripping.scheduleWithFixedDelay(
                () -> {
                    try {
                        socket.getOutputStream().write('x');
                    } catch (IOException e) {
                        throw new UncheckedIOException("ends the dripping", e);
                    }
                },
                EVERY_MS,
                EVERY_MS,
                TimeUnit.MILLISECONDS);
        return socket;
    }

    /** Sends more on a connection. */
    static void send(Socket socket, String more) {
        try {
            socket.getOutputStream().write(more.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is answered until the text is complete. */
    static String readUntil(Socket socket, String text) {
        try {
            var answer = new StringBuilder();
            while (answer.indexOf(text) < 0) {
                var next = socket.getInputStream().read();
                if (next < 0) {
                    throw new IllegalStateException("closed after: " + answer);
                }
                answer.append((char) next);
            }
            return answer.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is answered until the server closes the connection; a reset counts as that. */
    static String readToEnd(Socket socket) {
        var answer = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(answer);
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException("the server does not end it", e);
        } catch (IOException e) {
            // As good as an end.
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** Everything that is answered to a request, from this address. */
    String ask(int port, String request) {
        try (var socket = connect(port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Socket connect(int port) throws IOException {
        var socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(ADDRESS, 0));
            socket.setSoTimeout(PATIENCE_MS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Closes all connections. */
    void giveUp() {
        for (var socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        dripping.shutdownNow();
        giveUp();
    }
}
