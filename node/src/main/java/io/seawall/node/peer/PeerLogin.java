package io.seawall.node.peer;

import io.seawall.node.access.Loopback;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/**
 * How this node shows other nodes who it is.
 *
 * @param tls connects to nodes that serve TLS, and shows them this node's certificate
 * @param token the token that is sent as well; empty for none
 * @param plainText whether the token is also sent in plain text beyond this machine
 */
public record PeerLogin(SSLSocketFactory tls, Supplier<Optional<String>> token, boolean plainText) {
    /** Returns a login without a token. */
    public static PeerLogin without(SSLSocketFactory tls) {
        return new PeerLogin(tls, Optional::empty, false);
    }

    /** Returns the token for a node; empty if there is none, or the network would see it. */
    Optional<String> tokenFor(PeerUrl url) {
        return url.secure() || plainText || Loopback.is(url.host()) ? token.get() : Optional.empty();
    }
}
