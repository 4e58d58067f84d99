package io.seawall.cli.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.client.ClusterSummary;
import io.seawall.cli.client.NodeClient;
import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import io.seawall.wal.PChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows every log, or one. */
@Command(
        name = "status",
        description = {
            "Show the logs that a node knows: owner, term, state, oldest LSN and tail. For those that it was asked to open or"
                    + " close, also the expected and the current state and since when, the last failure and the number of terms seen.",
            "",
            "In a cluster also the phase of each log, and a line about the cluster; 'seawall nodes' shows more."
        })
public final class StatusCommand implements Callable<Integer> {
    /** What a node in no cluster answers, and one of an earlier version. */
    private static final Set<String> NO_CLUSTER = Set.of("INVALID", "NOT_FOUND");

    @Mixin
    private final NodeOptions node;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<pchannel>",
            converter = PChannelArgument.Converter.class,
            description = "Only this log, in full.")
    private @Nullable PChannel pchannel;

    public StatusCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        if (pchannel != null) {
            node.report().object(node.client().get(PChannelArgument.path(pchannel)));
        } else {
            all();
        }
        return 0;
    }

    private void all() {
        var client = node.client();
        List<JsonNode> all = Json.items(client.get("/v1/pchannels"), "pchannels");
        var cluster = cluster(client);
        var places = new HashMap<String, JsonNode>();
        cluster.ifPresent(known -> known.path("pchannels")
                .forEach(place -> places.put(place.path("pchannel").asText(), place)));
        var rows = all.stream()
                .map(row -> placed(row, places.get(row.path("pchannel").asText())))
                .toList();
        node.report()
                .rows(
                        node.json()
                                ? rows
                                : rows.stream().map(StatusCommand::brief).toList());
        if (!node.json()) {
            cluster.ifPresent(known -> {
                node.stdio().println("");
                node.stdio().println(ClusterSummary.line(known));
            });
        }
    }

    /** Returns what the node knows about the cluster; empty if it is in none. */
    private static Optional<JsonNode> cluster(NodeClient client) {
        try {
            return Optional.of(client.get("/v1/cluster?logs=true"));
        } catch (NodeFailure none) {
            if (NO_CLUSTER.contains(none.code())) {
                return Optional.empty();
            }
            throw none;
        }
    }

    /** Adds the phase, and who has the log by the cluster's decision, which a node knows before the log itself names the owner. */
    private static JsonNode placed(JsonNode row, @Nullable JsonNode place) {
        if (place == null) {
            return row;
        }
        var placed = (ObjectNode) row.deepCopy();
        placed.set("phase", place.path("phase"));
        if (place.path("owner").isTextual()) {
            placed.set("owner", place.path("owner"));
        }
        if (place.path("target").isTextual()) {
            placed.set("target", place.path("target"));
        }
        return placed;
    }

    /** Returns a row that fits on a line, with only the code and the term of the last failure. */
    private static JsonNode brief(JsonNode row) {
        if (!(row.path("lastFailure") instanceof ObjectNode failure)) {
            return row;
        }
        ObjectNode brief = row.deepCopy();
        brief.put(
                "lastFailure",
                failure.path("code").asText() + " at term "
                        + failure.path("term").asText());
        return brief;
    }
}
