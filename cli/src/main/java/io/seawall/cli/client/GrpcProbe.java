package io.seawall.cli.client;

import io.seawall.node.tls.NodeTls;
import io.seawall.wal.Effect;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Connects once to a gRPC address, to say what is wrong with it before a client retries for long. Blocks. */
final class GrpcProbe {
    private static final int CONNECT_MS = 10_000;

    private final @Nullable SSLSocketFactory tls; // null for plain text

    private GrpcProbe(@Nullable SSLSocketFactory tls) {
        this.tls = tls;
    }

    static GrpcProbe plain() {
        return new GrpcProbe(null);
    }

    /** The context is null for that of the JVM. */
    static GrpcProbe encrypted(@Nullable SSLContext context) {
        return new GrpcProbe((context == null ? NodeTls.ofTheJvm() : context).getSocketFactory());
    }

    /**
     * Connects.
     *
     * @param address as host:port
     * @param hint what the messages say about the address
     * @throws NodeFailure if nothing answers, or there is no TLS with what answers
     */
    void check(String address, String hint) {
        var colon = address.lastIndexOf(':');
        var host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        var port = Integer.parseInt(address.substring(colon + 1));
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MS);
            if (tls != null) {
                shakeHands(tls, socket, host, port);
            }
        } catch (NoTlsException e) {
            throw new NodeFailure("NO_CONNECTION", Effect.NONE, NodeClient.insecure(address, e.why), e.why);
        } catch (IOException e) {
            throw new NodeFailure("NO_CONNECTION", Effect.NONE, "nothing answers at " + address + hint, e);
        }
    }

    /** Something answers, but there is no TLS with it. */
    private static final class NoTlsException extends IOException {
        private static final long serialVersionUID = 1L;

        private final IOException why;

        NoTlsException(IOException why) {
            super(why);
            this.why = why;
        }
    }

    /** A node that refuses may close the connection before its reason is read: then this fails with a broken pipe or a reset. */
    private static void shakeHands(SSLSocketFactory tls, Socket socket, String host, int port) throws NoTlsException {
        try {
            socket.setSoTimeout(CONNECT_MS);
            shakeHands((SSLSocket) tls.createSocket(socket, host, port, false));
        } catch (IOException e) {
            throw new NoTlsException(e);
        }
    }

    /**
     * Also reads the first byte: with TLS 1.3 a node refuses the certificate of a client, or its absence, after the handshake of the
     * client is over. A server of HTTP/2 is the first to speak after it.
     */
    private static void shakeHands(SSLSocket socket) throws IOException {
        var settings = socket.getSSLParameters();
        settings.setEndpointIdentificationAlgorithm("HTTPS");
        settings.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(settings);
        socket.startHandshake();
        if (socket.getInputStream().read() < 0) {
            throw new EOFException("it ended the connection without a word");
        }
    }
}
