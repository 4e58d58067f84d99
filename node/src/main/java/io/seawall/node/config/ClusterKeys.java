package io.seawall.node.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/** Defines the keys of a node as a member of the cluster; all nodes need the same values. */
final class ClusterKeys {
    private static final String SESSION = "cluster.session.timeout.ms";
    private static final String HEARTBEAT = "cluster.heartbeat.ms";

    private ClusterKeys() {}

    static ConfigDef addTo(ConfigDef keys) {
        ConfigKeys.number(
                keys,
                SESSION,
                6_000,
                1_000,
                600_000,
                "How long Kafka's consumer group waits for a heartbeat of a node before it drops the node, in milliseconds. "
                        + "The brokers allow values from `group.min.session.timeout.ms` (6000 by default) to "
                        + "`group.max.session.timeout.ms`. At least three times `cluster.heartbeat.ms`. Too low: a pause of "
                        + "the process or of the network costs a node its logs. Too high: logs of a host that vanished stay "
                        + "closed for longer.");
        ConfigKeys.number(
                keys,
                HEARTBEAT,
                300,
                50,
                60_000,
                "How often a node sends that heartbeat, in milliseconds. Too low: load on the broker that coordinates the "
                        + "group. Too high: another coordinator is elected late.");
        ConfigKeys.number(
                keys,
                "cluster.grace.ms",
                5_000,
                0,
                600_000,
                "How long a node that left without announcing it keeps its logs, in milliseconds; the time counts from its "
                        + "last sign of life, so a session that ran out is part of it. Too low: a restart of a node moves its "
                        + "logs. Too high: logs of a node that is gone stay closed for longer.");
        ConfigKeys.number(
                keys,
                "cluster.settle.ms",
                1_000,
                0,
                60_000,
                "How long the members have to be the same before logs are balanced over them, and before new logs of a "
                        + "cluster that has no open log are placed, in milliseconds. Too low: the first node of a cold start "
                        + "gets every log, and logs are moved more often. Too high: a cluster is uneven, and its first topic "
                        + "has no owner, for longer.");
        keys.define(
                "cluster.hints",
                ConfigDef.Type.BOOLEAN,
                true,
                Importance.MEDIUM,
                "Whether nodes watch each other over connections, so that the logs of a process that was killed are given "
                        + "away at once. Without, the group's session has to run out first.");
        ConfigKeys.text(
                keys,
                "cluster.peer.url",
                "",
                new ConfigRules.Url("|https?://[!-~&&[^/?#]]+", "no value, or a URL as in http://node-1:7070"),
                "The URL under which the other nodes reach this node, if it is not `http.advertised.url`: for example inside a "
                        + "network of containers whose published ports clients use. It has to lead to this process itself; a "
                        + "proxy in between can make the process look dead. Empty: the advertised URL.");
        ConfigKeys.number(
                keys,
                "cluster.drain.timeout.ms",
                30_000,
                0,
                3_600_000,
                "How long a node that was asked to stop hands over its logs before it stops anyway, in milliseconds; 0 to "
                        + "stop at once. Too low: appends wait until other nodes have taken the rest of the logs. Too high: "
                        + "whatever stops the node may kill it first.");
        return keys;
    }

    /** Refuses values that contradict each other. */
    static void check(long sessionMs, long heartbeatMs) {
        if (heartbeatMs * 3 > sessionMs) {
            throw new ConfigException(
                    HEARTBEAT,
                    heartbeatMs,
                    "expected at most a third of " + SESSION + ", which is " + sessionMs
                            + ": otherwise one lost heartbeat ends a session");
        }
    }
}
