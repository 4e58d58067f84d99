package io.seawall.it.cluster;

import io.seawall.it.kit.NodeApi;
import io.seawall.wal.PChannel;
import java.time.Duration;
import org.awaitility.Awaitility;

/** What an operator asks of a cluster, sent to its coordinator. */
final class Operator {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Operator() {}

    /** Pins a log to a node, waits until the node has it, and takes the pin back. */
    static void pin(ClusterLab lab, PChannel log, String node) {
        await(lab, "pin " + log, api -> api.put("/v1/pchannels/" + log + "/pin", "{\"node\":\"" + node + "\"}"));
        Awaitility.await(log + " is on " + node)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> node.equals(lab.owner(log)));
        await(lab, "unpin " + log, api -> api.delete("/v1/pchannels/" + log + "/pin"));
    }

    static void drain(ClusterLab lab, String node) {
        await(lab, "drain " + node, api -> api.put("/v1/nodes/" + node + "/drain", "{\"reason\":\"a test\"}"));
    }

    static void resume(ClusterLab lab, String node) {
        await(lab, "resume " + node, api -> api.delete("/v1/nodes/" + node + "/drain"));
    }

    /** A request to the coordinator. */
    private interface Request {
        NodeApi.Answer send(NodeApi api);
    }

    /** Repeats a request until it succeeds: the coordinator may change at any moment. */
    private static void await(ClusterLab lab, String what, Request request) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> lab.ids().contains(lab.coordinator())
                        && request.send(lab.node(lab.coordinator()).api()).isOk());
    }
}
