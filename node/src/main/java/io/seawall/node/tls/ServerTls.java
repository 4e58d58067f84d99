package io.seawall.node.tls;

import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * How a server serves TLS. Both servers of a node have the same one.
 *
 * @param context shows the node's certificate, the newest one at each handshake, and judges those of clients
 * @param clientsNeedCertificates whether a client without a certificate is refused
 */
public record ServerTls(SSLContext context, boolean clientsNeedCertificates) {
    /** The versions of TLS that are served. */
    public static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");
}
