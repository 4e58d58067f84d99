package io.seawall.benchmarks.wire;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A connection of HTTP/1.1 that sends a request and waits for its answer. It does no more than that, so that on a small machine the
 * client takes little of what the server could use. For one thread.
 */
final class HttpConnection implements AutoCloseable {
    private static final int DEFAULT_PORT = 80;
    private static final int LONGEST_ANSWER_MS = 60_000;
    private static final int MOST_HEAD_BYTES = 16 << 10;
    private static final String LENGTH = "content-length:";

    private final Socket socket;
    private final InputStream in;

    HttpConnection(URI node) throws IOException {
        socket = new Socket(node.getHost(), node.getPort() < 0 ? DEFAULT_PORT : node.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LONGEST_ANSWER_MS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Returns the bytes of a request without a body. */
    static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: bench\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the bytes of a request that appends one record. */
    static byte[] append(String log, byte[] value) {
        var head = ("POST /v1/pchannels/" + log + "/records HTTP/1.1\r\nHost: bench\r\n"
                        + "Content-Type: application/octet-stream\r\nContent-Length: " + value.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + value.length)
                .put(head)
                .put(value)
                .array();
    }

    /** Sends a request and reads its answer. */
    void exchange(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        var head = head();
        var at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (at < 0) {
            throw new IOException("expected an answer with a length, found " + head);
        }
        var end = head.indexOf('\r', at);
        in.skipNBytes(Long.parseLong(head.substring(at + LENGTH.length(), end).strip()));
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("expected status 200, found " + head);
        }
    }

    private String head() throws IOException {
        var head = new StringBuilder();
        for (var last = 0; last < 4; ) { // as many characters of the empty line were read
            var next = in.read();
            if (next < 0) {
                throw new EOFException("the node closed the connection after " + head);
            }
            head.append((char) next);
            last = next == "\r\n\r\n".charAt(last) ? last + 1 : next == '\r' ? 1 : 0;
            if (head.length() > MOST_HEAD_BYTES) {
                throw new IOException("expected a head of at most " + MOST_HEAD_BYTES + " bytes, found " + head);
            }
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
