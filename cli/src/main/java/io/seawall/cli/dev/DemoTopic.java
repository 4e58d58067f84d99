package io.seawall.cli.dev;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.client.NodeClient;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.Json;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The topic that {@code dev} prepares. */
final class DemoTopic {
    static final String NAME = "demo";

    private static final int PCHANNELS = 4;
    private static final int POLL_MS = 100;
    private static final int POLLS = 300;

    private final NodeClient client;

    DemoTopic(NodeClient client) {
        this.client = client;
    }

    /** Creates the topic unless it exists, and waits until each of its logs accepts appends, at most 30 s. */
    void prepare() throws InterruptedException {
        // Do not create an existing topic: it may have grown, and requesting fewer logs is an error.
        var there = Json.items(client.get("/v1/topics"), "topics").stream()
                .anyMatch(topic -> topic.path("topic").asText().equals(NAME));
        if (!there) {
            client.put("/v1/topics/" + NAME, Json.object().put("pchannels", PCHANNELS), NodeClient.ANSWER_TIMEOUT);
        }
        var logs = logs();
        for (var poll = 1; !areAvailable(logs); poll++) {
            if (poll == POLLS) {
                throw new CommandFailed(
                        "topic " + NAME + " is not available after " + POLLS * POLL_MS + " ms: " + logs);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
            logs = logs();
        }
    }

    private List<JsonNode> logs() {
        return Json.items(client.get("/v1/pchannels"), "pchannels").stream()
                .filter(log -> log.path("pchannel").asText().matches(NAME + "-[0-9]+"))
                .toList();
    }

    /** Returns whether each log is open on its owner. A node knows that of its own logs; the cluster knows it of all. */
    private boolean areAvailable(List<JsonNode> logs) {
        if (logs.size() < PCHANNELS) {
            return false;
        }
        if (logs.stream().allMatch(log -> log.path("state").asText().equals("available"))) {
            return true;
        }
        var open = Json.items(client.get("/v1/cluster?logs=true"), "pchannels").stream()
                .filter(log -> log.path("phase").asText().equals("owned")
                        && log.path("condition").asText().equals("available"))
                .map(log -> log.path("pchannel").asText())
                .collect(Collectors.toSet());
        return logs.stream().allMatch(log -> open.contains(log.path("pchannel").asText()));
    }
}
