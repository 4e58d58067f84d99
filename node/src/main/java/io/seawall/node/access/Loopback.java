package io.seawall.node.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Tells whether a token that is sent to a host in plain text stays on this machine. */
public final class Loopback {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private Loopback() {}

    /**
     * Returns whether a host is this machine, without asking a name server.
     *
     * @param host a name or an address; an IPv6 address with or without brackets
     */
    public static boolean is(String host) {
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
