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

/** Connections from an address of their own that do not send what a server waits for. */
final class Slowpokes implements AutoCloseable {
    /** On Linux, all of 127/8 is this machine. */
    private static final String ADDRESS = "127.0.0.2";

    private static final int PATIENCE_MS = 60_000;
    private static final int EVERY_MS = 20;

    private final List<Socket> sockets = new ArrayList<>();
    private final ScheduledExecutorService dripping = Executors.newSingleThreadScheduledExecutor();

    /** Sends the beginning of a request and keeps the connection open. */
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

    /** Sends one more byte every few milliseconds until sending fails or the test ends. */
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

    /** Sends more bytes on a connection. */
    static void send(Socket socket, String more) {
        try {
            socket.getOutputStream().write(more.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the answer up to and including the text. */
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

    /** Returns the answer until the server closes or resets the connection. */
    static String readToEnd(Socket socket) {
        var answer = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(answer);
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException("the server does not close the connection", e);
        } catch (IOException e) {
            // A reset counts as the end.
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** Sends a request from this address and returns everything that is answered. */
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
