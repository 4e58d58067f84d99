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
    private static final Pattern LOCATION = Pattern.compile("(?i)location: *(\\S+)");
    private static final Pattern FIRST = Pattern.compile("\"first\":(\\d+)");
    private static final Pattern TERM = Pattern.compile("\"term\":(\\d+)");
    private static final Pattern NO_EFFECT = Pattern.compile("\"effect\":\"none\"");
    private static final Pattern REPEATED = Pattern.compile("\"repeated\":true");
    private static final int PATIENCE_MS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    public AppendConnection(String url) throws IOException {
        this(url, PATIENCE_MS);
    }

    /**
     * Connects.
     *
     * @param url the node
     * @param patienceMs how long each answer may take; then an append fails with an {@link IOException}
     */
    public AppendConnection(String url, int patienceMs) throws IOException {
        var node = URI.create(url);
        socket.connect(new InetSocketAddress(node.getHost(), node.getPort()), patienceMs);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(patienceMs);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * The outcome of an append.
     *
     * @param lsn its LSN; -1 if it was not acknowledged
     * @param term the term that acknowledged it; -1 if none did
     * @param noEffect whether the node says that nothing was written
     * @param repeated whether the log had it already
     * @param redirect the URL of the node to send it to; empty if this is no redirect
     * @param text the status and the body, for messages
     */
    public record Outcome(long lsn, long term, boolean noEffect, boolean repeated, String redirect, String text) {
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
        var redirect = "";
        for (var header = line(); !header.isEmpty(); header = line()) {
            Matcher lengthHere = LENGTH.matcher(header);
            length = lengthHere.matches() ? Integer.parseInt(lengthHere.group(1)) : length;
            Matcher locationHere = LOCATION.matcher(header);
            redirect = locationHere.matches() ? nodeOf(locationHere.group(1)) : redirect;
        }
        var body = new String(in.readNBytes(length), UTF_8);
        var text = status + " " + body;
        if (status.startsWith("HTTP/1.1 2")) {
            var repeated = REPEATED.matcher(body).find();
            return new Outcome(number(FIRST, body), number(TERM, body), false, repeated, "", text);
        }
        return new Outcome(-1, -1, NO_EFFECT.matcher(body).find(), false, redirect, text);
    }

    private static String nodeOf(String location) {
        var url = URI.create(location);
        return url.getScheme() + "://" + url.getAuthority();
    }

    private static long number(Pattern member, String body) throws IOException {
        var matcher = member.matcher(body);
        if (!matcher.find()) {
            throw new IOException("no " + member + " in " + body);
        }
        return Long.parseLong(matcher.group(1));
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
