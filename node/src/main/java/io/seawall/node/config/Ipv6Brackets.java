package io.seawall.node.config;

/** Hosts with and without the brackets that IPv6 addresses have in URLs. */
final class Ipv6Brackets {
    private Ipv6Brackets() {}

    /** Returns the host without brackets, as sockets want it. */
    static String removed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Returns the host as a URL has it. */
    static String added(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
