package io.seawall.node.peer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * One HTTP/1.1 request on a connection of its own. It is used in place of a client library because it has to tell how a connection
 * ended (docs/decisions/0078-hints-come-from-plain-sockets.md). Blocks; another thread may close it.
 */
final class PeerSocket implements Closeable {
    private static final int MOST_HEAD_BYTES = 16 << 10;

    private final Socket socket = new Socket();
    private final PeerLogin login;
    private Socket stream = socket; // the same, or TLS on it
    private boolean answered; // whether a byte of the answer was read

    PeerSocket(PeerLogin login) {
        this.login = login;
    }

    /** Connects. Fails with a {@link java.net.ConnectException} if the connection was refused. */
    void connect(InetSocketAddress address, Duration limit) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(address, (int) limit.toMillis());
    }

    /** Begins TLS if the peer serves it, and checks the peer's certificate. Each read of the handshake may take as long as given. */
    void secure(PeerUrl url, Duration limit) throws IOException {
        if (url.secure()) {
            readWithin(limit);
            var secured = (SSLSocket) login.tls().createSocket(socket, url.host(), url.port(), true);
            stream = secured;
            var settings = secured.getSSLParameters();
            settings.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(settings);
            secured.startHandshake();
        }
    }

    /** Sends the head of a request, and its body. */
    void send(String method, PeerUrl url, String path, byte[] body) throws IOException {
        var out = new ByteArrayOutputStream(256 + body.length);
        var head = method + " " + url.path() + path + " HTTP/1.1\r\nHost: " + url.authority()
                + "\r\nAccept: application/x-ndjson, application/json\r\n"
                + login.tokenFor(url)
                        .map(token -> "Authorization: Bearer " + token + "\r\n")
                        .orElse("")
                + (body.length == 0 ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n")
                + "\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        stream.getOutputStream().write(out.toByteArray());
    }

    /** Sets how long a read may wait; then it fails with a {@link SocketTimeoutException}. */
    void readWithin(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
    }

    /** Returns what the peer sends. Its end is an {@link EOFException} in all methods of this class. */
    InputStream in() throws IOException {
        return new BufferedInputStream(stream.getInputStream());
    }

    /**
     * Reads the head of the answer.
     *
     * @param in the peer's bytes
     * @return whether the body is chunked
     * @throws UnexpectedAnswerException for another status than 200 or 202
     */
    boolean readHead(InputStream in) throws IOException {
        var left = MOST_HEAD_BYTES;
        var status = readLine(in, left);
        left -= status.length();
        var chunked = false;
        for (var line = readLine(in, left); !line.isEmpty(); line = readLine(in, left)) {
            left -= line.length() + 2;
            var lower = line.toLowerCase(Locale.ROOT).replace(" ", "");
            chunked |= lower.equals("transfer-encoding:chunked");
        }
        if (!status.startsWith("HTTP/1.1 200") && !status.startsWith("HTTP/1.1 202")) {
            throw new UnexpectedAnswerException("'" + status + "' in place of status 200");
        }
        return chunked;
    }

    /** Reads up to a CR LF, and returns what is in front of it. */
    String readLine(InputStream in, int most) throws IOException {
        var line = new StringBuilder();
        while (true) {
            var next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended");
            }
            answered = true;
            if (next == '\n' && line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
                return line.substring(0, line.length() - 1);
            }
            if (line.length() >= most) {
                throw new UnexpectedAnswerException("a line of more than " + most + " bytes");
            }
            line.append((char) next);
        }
    }

    /** Returns whether a byte of the answer was read. */
    boolean isAnswered() {
        return answered;
    }

    /**
     * Returns whether a read failed because the connection ended or was reset. The text is Java's own, not the system's: the reads of
     * {@link Socket} fail with it for a reset and for nothing else. A connection that ends within a handshake of TLS is an
     * {@link SSLException} with the end as its cause.
     */
    static boolean isCut(IOException failure) {
        return failure instanceof EOFException
                || (failure instanceof SSLException && failure.getCause() instanceof EOFException)
                || (failure instanceof SocketException && "Connection reset".equals(failure.getMessage()));
    }

    /**
     * Returns whether a handshake of TLS failed because the connection ended or was reset. Writes fail with texts of the system for
     * that; a certificate that is refused and a peer that speaks no TLS are an {@link SSLException}.
     */
    static boolean isCutInHandshake(IOException failure) {
        return isCut(failure) || !(failure instanceof SSLException || failure instanceof SocketTimeoutException);
    }

    /** Closes the connection without a word, because a goodbye of TLS could block. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** An answer that is not what was asked for. */
    static final class UnexpectedAnswerException extends IOException {
        private static final long serialVersionUID = 1;

        UnexpectedAnswerException(String found) {
            super(found);
        }
    }
}
