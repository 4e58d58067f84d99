package io.seawall.node.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;

/** Defines the keys of the access to the HTTP API and of its limits. */
final class HttpKeys {
    private static final String ORIGIN = "https?://[!-~&&[^/?#@,*]]+";

    private HttpKeys() {}

    static ConfigDef addTo(ConfigDef keys) {
        ConfigKeys.text(
                keys,
                "http.cors.origins",
                "",
                new ConfigKeys.Matching(
                        "|\\*|" + ORIGIN + "(\\s*,\\s*" + ORIGIN + ")*",
                        "*, or origins as in https://ops.example, separated by commas"),
                "The sites whose pages may use this node from a browser: origins such as `https://ops.example`, "
                        + "separated by commas, or `*` for every site. Such a page may read, append and delete like every "
                        + "program of the same computer. Requests of other sites' pages fail with 403; requests of programs, which "
                        + "have no `Origin`, are not affected. Empty: only pages that were loaded from the node itself, under "
                        + "an address, `localhost` or the host of `http.advertised.url`.");
        ConfigKeys.number(
                keys,
                "http.connections",
                1_024,
                16,
                100_000,
                "How many connections the node serves at the same time. On a connection above the limit the node only "
                        + "serves `/livez`, `/readyz`, `/metrics` and `/version`; anything else gets 503. Too low: clients are "
                        + "refused. Too high: each connection takes memory and a file descriptor.");
        ConfigKeys.number(
                keys,
                "http.connections.per.address",
                256,
                1,
                100_000,
                "How many of them one address may have; for IPv6 the first 64 bits count. Too low: many clients "
                        + "behind one proxy, NAT or Kubernetes Service that hides their addresses are refused together, with "
                        + "503. Too high: one client can take all connections.");
        ConfigKeys.number(
                keys,
                "http.head.timeout.ms",
                10_000,
                100,
                600_000,
                "How long the head of a request may take from its first byte, and a new connection until the head of "
                        + "its first request is complete, in milliseconds; then the connection is closed. Too low: slow clients "
                        + "cannot send a request. Too high: clients that send nothing hold connections that others need.");
        ConfigKeys.size(
                keys,
                "http.min.rate.bytes",
                1L << 10,
                1,
                1L << 30,
                "The lowest rate at which a client may send a body or receive an answer, in bytes per second. A "
                        + "slower body gets 408; a slower answer is cut off. Waiting for records or an acknowledgement does not "
                        + "count. Too low: slow clients hold connections and threads that others need. Too high: clients on "
                        + "slow lines cannot complete a request.");
        ConfigKeys.number(
                keys,
                "http.min.rate.grace.ms",
                10_000,
                100,
                600_000,
                "How long a body, or one write of an answer, may take before `http.min.rate.bytes` applies, in "
                        + "milliseconds: N bytes may take this time plus N / rate. Too low: a short pause ends a request. Too "
                        + "high: slow clients hold connections for that long with a few bytes.");
        ConfigKeys.number(
                keys,
                "http.accept.queue",
                1_024,
                1,
                65_535,
                "How many connections the system queues until the node accepts them; the kernel limits it to "
                        + "`net.core.somaxconn`. Too low: when many clients connect at once, some wait a second until TCP "
                        + "retries. Too high: a little memory of the kernel.");
        return keys;
    }

    /** Returns the origins as browsers send them: in lower case and without the default port of their scheme. */
    static Set<String> origins(String configured) {
        return Arrays.stream(configured.split(",", -1))
                .map(origin -> origin.strip().toLowerCase(Locale.ROOT))
                .filter(origin -> !origin.isEmpty())
                .map(origin -> origin.replaceFirst("^(http:.*):80$|^(https:.*):443$", "$1$2"))
                .collect(Collectors.toUnmodifiableSet());
    }
}
