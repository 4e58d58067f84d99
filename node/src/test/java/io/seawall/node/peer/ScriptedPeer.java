package io.seawall.node.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A peer on a port of loopback, whose connections do what the test says. */
final class ScriptedPeer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket();
    private final BlockingQueue<Connection> accepted = new LinkedBlockingQueue<>();
    private final Thread thread;

    /** Listens on a port; 0 for a free one. */
    ScriptedPeer(int port) throws IOException {
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        thread = new Thread(this::accept, "scripted-peer");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                accepted.add(new Connection(server.accept()));
            }
        } catch (IOException closed) {
            // The test has closed the server.
        }
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Returns the next connection. */
    Connection next() {
        try {
            var connection = accepted.poll(20, TimeUnit.SECONDS);
            if (connection == null) {
                throw new AssertionError("nobody connects to port " + port());
            }
            return connection;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops to listen: connections are refused from now on. Those that the test has not taken are reset, the others stay. */
    @Override
    public void close() {
        try {
            server.close();
            thread.join(); // the port is free only when the accept has returned
            for (var left = accepted.poll(); left != null; left = accepted.poll()) {
                left.reset();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One connection, whose request was read. */
    static final class Connection {
        private final Socket socket;

        Connection(Socket socket) {
            this.socket = socket;
        }

        /** Reads the request's head and returns its first line. */
        String request() throws IOException {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            var first = in.readLine();
            var length = 0;
            for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.startsWith("Content-Length: ")) {
                    length = Integer.parseInt(line.substring("Content-Length: ".length()));
                }
            }
            var body = new StringBuilder();
            while (body.length() < length) {
                body.append((char) in.read());
            }
            return body.length() == 0 ? first : first + " " + body;
        }

        /** Answers with a stream of a process, and its first lines. */
        Connection begin(String node, String incarnation) throws IOException {
            request();
            write("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
            chunk(new String(PeerLines.hello(node, incarnation), StandardCharsets.UTF_8));
            chunk("{\"beat\":true}\n");
            return this;
        }

        void chunk(String text) throws IOException {
            write(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
        }

        void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }

        /** Ends the connection with a FIN, in the middle of whatever it is. */
        void close() throws IOException {
            socket.close();
        }

        /** Ends the connection with a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
