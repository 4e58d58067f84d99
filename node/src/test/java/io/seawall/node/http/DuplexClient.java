package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request with a chunked body that is sent piece by piece while its answer is read. */
final class DuplexClient implements AutoCloseable {
    private static final int PATIENCE_MS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private @Nullable String head;
    private int left; // of the present chunk of the answer
    private boolean begun;
    private boolean over;

    /** Sends the head of a request; the headers are lines without their ends. */
    DuplexClient(int port, String pathAndQuery, String... headers) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MS);
            in = new BufferedInputStream(socket.getInputStream());
            write("POST " + pathAndQuery + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                    + "Transfer-Encoding: chunked\r\n"
                    + String.join(
                            "",
                            List.of(headers).stream().map(line -> line + "\r\n").toList())
                    + "\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** Sends a piece of the body as one chunk. */
    DuplexClient send(String piece) {
        try {
            var bytes = piece.getBytes(UTF_8);
            var chunk = new ByteArrayOutputStream();
            chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1));
            chunk.writeBytes(bytes);
            chunk.writeBytes("\r\n".getBytes(ISO_8859_1));
            socket.getOutputStream().write(chunk.toByteArray());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends the end of the body. */
    DuplexClient end() {
        try {
            write("0\r\n\r\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the connection in one direction. */
    DuplexClient halfClose() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the head of the answer. */
    String head() {
        if (head == null) {
            head = interim();
        }
        return head;
    }

    /** Returns a head that precedes that of the answer. */
    String interim() {
        try {
            var text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0) {
                text.append((char) octet());
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the next line of the answer as JSON; null at its end, which has to be as HTTP says. */
    @Nullable
    JsonNode line() {
        head();
        try {
            var line = new ByteArrayOutputStream();
            for (var next = body(); next != '\n'; next = body()) {
                if (next < 0) {
                    if (line.size() > 0) {
                        throw new IllegalStateException("an end within a line: " + line);
                    }
                    return null;
                }
                line.write(next);
            }
            return HttpFixture.json(line.toString(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns all lines to the end of the answer. */
    List<JsonNode> lines() {
        var lines = new ArrayList<JsonNode>();
        for (var line = line(); line != null; line = line()) {
            lines.add(line);
        }
        return lines;
    }

    /** Returns whether the server closes or resets the connection, without more of an answer. */
    boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    private int body() throws IOException {
        if (over) {
            return -1;
        }
        if (head().contains("Connection: close")) {
            return in.read(); // the end of the connection is that of the answer
        }
        if (left == 0 && !head().contains("Transfer-Encoding: chunked")) {
            var length = head().replaceFirst("(?s).*Content-Length: ([0-9]+)\r\n.*", "$1");
            over = begun || length.equals("0");
            left = over ? 0 : Integer.parseInt(length);
            begun = true;
            return body();
        }
        if (left == 0) {
            if (begun) {
                row(); // the end of the chunk before, which Jetty sends with the next one
            }
            begun = true;
            left = Integer.parseInt(row(), 16);
            if (left == 0) {
                row();
                over = true;
                return -1;
            }
        }
        left--;
        return octet();
    }

    private String row() throws IOException {
        var row = new StringBuilder();
        while (row.indexOf("\r\n") < 0) {
            row.append((char) octet());
        }
        return row.toString().strip();
    }

    private int octet() throws IOException {
        var next = in.read();
        if (next < 0) {
            throw new IllegalStateException("the connection ends within the answer");
        }
        return next;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
