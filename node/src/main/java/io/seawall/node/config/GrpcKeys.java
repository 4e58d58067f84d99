package io.seawall.node.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

/** Defines the keys of the gRPC API. */
final class GrpcKeys {
    private static final long MIB = 1L << 20;

    private GrpcKeys() {}

    static ConfigDef addTo(ConfigDef keys) {
        keys.define(
                "grpc.enabled",
                ConfigDef.Type.BOOLEAN,
                true,
                Importance.HIGH,
                "Whether the node serves gRPC. Without, clients use HTTP.");
        ConfigKeys.text(
                keys,
                "grpc.host",
                "",
                new ConfigKeys.Matching("\\S*", "no value, or an address of this machine, as in 127.0.0.1"),
                "The address that gRPC listens on; an IPv6 address with or without brackets. An address that is not "
                        + "loopback needs the same settings as for HTTP. Empty: that of `http.host`.");
        keys.define(
                "grpc.port",
                ConfigDef.Type.INT,
                7071,
                Range.between(0, 65535),
                Importance.HIGH,
                "The port that gRPC listens on; 0 for any free port. Too low: a port below 1024 needs privileges. Too "
                        + "high: a port in the ephemeral range may be in use when the node starts.");
        ConfigKeys.text(
                keys,
                "grpc.advertised.address",
                "",
                new ConfigKeys.Matching(
                        "|(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+):[1-9][0-9]{0,4}",
                        "no value, or host:port, as in node-1:7071"),
                "Where clients reach this node's gRPC API, as in `node-1:7071`. The nodes of a cluster tell it to clients "
                        + "that look for the owner of a log. Empty: the host of `http.advertised.url` if that is set, else "
                        + "`grpc.host`, and the port that gRPC listens on.");
        ConfigKeys.number(
                keys,
                "grpc.connections",
                1_024,
                16,
                100_000,
                "How many gRPC connections the node serves at the same time; it closes those above the limit at once. Too "
                        + "low: clients are refused. Too high: each connection takes memory and a file descriptor.");
        ConfigKeys.number(
                keys,
                "grpc.connections.per.address",
                256,
                1,
                100_000,
                "How many of them one address may have, for IPv6 the first 64 bits; further ones are closed at once. A client "
                        + "has one connection for each node. Too low: many clients behind one proxy, NAT or Kubernetes Service "
                        + "that hides their addresses are refused together. Too high: one client can take all connections.");
        ConfigKeys.number(
                keys,
                "grpc.calls",
                1_024,
                16,
                100_000,
                "How many gRPC calls the node serves at the same time, over all connections; further ones fail with "
                        + "OVERLOADED. An append call or a reader counts for as long as it lasts. Each may hold 256 KiB that "
                        + "the node has not asked for. Too low: clients are refused. Too high: memory.");
        ConfigKeys.number(
                keys,
                "grpc.readers",
                256,
                1,
                10_000,
                "How many gRPC calls may read at the same time; further ones fail with OVERLOADED. Too low: readers are "
                        + "refused. Too high: each takes up to 1 MiB for its client, and until it is at the tail of its log a thread "
                        + "and a Kafka consumer.");
        ConfigKeys.size(
                keys,
                "grpc.batches.bytes",
                256 * MIB,
                64 * MIB,
                64L << 30,
                "How many bytes of messages all gRPC calls may hold: those that arrive, and batches without an answer. "
                        + "When it is reached, the node stops reading from append calls. Too low: many writers wait for each "
                        + "other. Too high: memory.");
        return keys;
    }
}
