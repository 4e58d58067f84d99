package io.seawall.node.peer;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;

/**
 * How this node shows other nodes who it is.
 *
 * @param tls connects to nodes that serve TLS, and shows them this node's certificate
 * @param token the token that is sent as well; empty for none
 * @param plainText whether the token is also sent in plain text beyond this machine
 */
public record PeerLogin(SSLSocketFactory tls, Supplier<Optional<String>> token, boolean plainText) {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /** Returns a login without a token. */
    public static PeerLogin without(SSLSocketFactory tls) {
        return new PeerLogin(tls, Optional::empty, false);
    }

    /** Returns the token for a node; empty if there is none, or the network would see it. */
    Optional<String> tokenFor(PeerUrl url) {
        return url.secure() || plainText || isLoopback(url.host()) ? token.get() : Optional.empty();
    }

    /** Returns whether a host is this machine, without asking a name server. */
    private static boolean isLoopback(String host) {
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (!LITERAL.matcher(bare).matches()) {
            return bare.equalsIgnoreCase("localhost");
        }
        try {
            return InetAddress.getByName(bare).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
