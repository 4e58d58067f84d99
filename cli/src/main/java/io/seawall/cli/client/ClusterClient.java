package io.seawall.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.command.Json;
import java.time.Duration;

/** Asks the cluster, and orders changes of it. Orders are sent again while the cluster has no coordinator. */
public final class ClusterClient {
    /** Longer than an election after a node that vanished: the group's session and a moment. */
    private static final Duration ELECTION = Duration.ofSeconds(20);

    private final NodeClient client;
    private final NodeOptions options;

    /**
     * Creates a client.
     *
     * @param options where the node is
     */
    public ClusterClient(NodeOptions options) {
        this.options = options;
        this.client = options.client();
    }

    /**
     * Returns what the coordinator knows about the cluster, or what the node itself knows if there is no coordinator now.
     *
     * @return an object whose {@code members} are null if a node other than the coordinator answered
     */
    public JsonNode cluster() {
        return coordinatorElse("/v1/cluster?from=coordinator", "/v1/cluster");
    }

    /** Returns why a log is where it is, by the coordinator or else by the node itself. */
    public JsonNode explanation(String pchannelPath) {
        return coordinatorElse(pchannelPath + "/explanation", pchannelPath + "/explanation?local=true");
    }

    private JsonNode coordinatorElse(String path, String localPath) {
        try {
            return client.get(path);
        } catch (NodeFailure failure) {
            if (!Retries.isPassing(failure)) {
                throw failure;
            }
            return client.get(localPath);
        }
    }

    /** Orders something. */
    public JsonNode put(String path, JsonNode body) {
        return retries()
                .until(() -> client.put(path, body, NodeClient.ANSWER_TIMEOUT).body(), Retries::isPassing);
    }

    /** Takes an order back. */
    public JsonNode delete(String path) {
        return retries().until(() -> client.delete(path).body(), Retries::isPassing);
    }

    private Retries retries() {
        return new Retries(options.retryDeadline(ELECTION));
    }

    /** Returns a body with a reason, if one was given. */
    public static ObjectNode withReason(String reason) {
        var body = Json.object();
        return reason.isEmpty() ? body : body.put("reason", reason);
    }
}
