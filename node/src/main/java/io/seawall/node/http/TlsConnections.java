package io.seawall.node.http;

import io.seawall.node.tls.ServerTls;
import java.util.Optional;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The protocols of a connection, the outer one first. */
final class TlsConnections {
    private TlsConnections() {}

    /** Returns HTTP, inside of TLS if there is TLS: then a connection that begins otherwise is closed. */
    static ConnectionFactory[] of(Optional<ServerTls> tls, HttpConnectionFactory http) {
        return tls.map(settings -> new ConnectionFactory[] {secure(settings), http})
                .orElseGet(() -> new ConnectionFactory[] {http});
    }

    private static SslConnectionFactory secure(ServerTls tls) {
        var settings = new SslContextFactory.Server();
        settings.setSslContext(tls.context());
        settings.setNeedClientAuth(tls.clientsNeedCertificates());
        settings.setIncludeProtocols(ServerTls.VERSIONS.toArray(String[]::new));
        settings.setRenegotiationAllowed(false);
        var factory = new SslConnectionFactory(settings, HttpVersion.HTTP_1_1.asString());
        // It would refuse requests whose Host is not in the certificate, and so probes that use an address.
        factory.setEnsureSecureRequestCustomizer(false);
        return factory;
    }
}
