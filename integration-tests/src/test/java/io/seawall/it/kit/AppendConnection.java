package io.seawall.it.kit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.wal.PChannel;
import io.seawall.wal.WriterSeq;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection that appends, one record at a time. Written by hand, because a full HTTP client costs a small machine more
 * than the node does, and the load should be on the node.
 */
public final class AppendConnection implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
    private static final Pattern FIRST = Pattern.compile("\"first\":(\\d+)");
    private static final Pattern NO_EFFECT = Pattern.compile("\"effect\":\"none\"");
    private static final Pattern REPEATED = Pattern.compile("\"repeated\":true");
    private static final int PATIENCE_MS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    public AppendConnection(String url) throws IOException {
        var node = URI.create(url);
        socket.connect(new InetSocketAddress(node.getHost(), node.getPort()), PATIENCE_MS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * The outcome of an append.
     *
     * @param lsn its LSN; -1 if it was not acknowledged
     * @param noEffect whether the node says that nothing was written
     * @param repeated whether the log had it already
     */
    public record Outcome(long lsn, boolean noEffect, boolean repeated) {
        public boolean isAcknowledged() {
            return lsn >= 0;
        }
    }

    /** Appends and waits for the answer; an exception means that the answer was lost. */
    Outcome append(PChannel pchannel, String value) throws IOException {
        return append(pchannel, value, "");
    }

    /** Appends as a batch of a writer session. */
    public Outcome append(PChannel pchannel, String value, WriterSeq writer) throws IOException {
        return append(pchannel, value, "Idempotency-Key: " + writer + "\r\n");
    }

    private Outcome append(PChannel pchannel, String value, String moreHeaders) throws IOException {
        var body = value.getBytes(UTF_8);
        var head = "POST /v1/pchannels/" + pchannel + "/records HTTP/1.1\r\nHost: node\r\n"
                + "Content-Type: application/octet-stream\r\n" + moreHeaders + "Content-Length: " + body.length
                + "\r\n\r\n";
        var request = new byte[head.length() + body.length];
        System.arraycopy(head.getBytes(US_ASCII), 0, request, 0, head.length());
        System.arraycopy(body, 0, request, head.length(), body.length);
        socket.getOutputStream().write(request);
        return answer();
    }

    private Outcome answer() throws IOException {
        var status = line();
        var length = 0;
        for (var header = line(); !header.isEmpty(); header = line()) {
            Matcher matcher = LENGTH.matcher(header);
            length = matcher.matches() ? Integer.parseInt(matcher.group(1)) : length;
        }
        var body = new String(in.readNBytes(length), UTF_8);
        var first = FIRST.matcher(body);
        if (status.startsWith("HTTP/1.1 2") && first.find()) {
            return new Outcome(
                    Long.parseLong(first.group(1)),
                    false,
                    REPEATED.matcher(body).find());
        }
        return new Outcome(-1, NO_EFFECT.matcher(body).find(), false);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the node closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
