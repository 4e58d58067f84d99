package io.seawall.cli.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.client.ClusterSummary;
import io.seawall.cli.client.NodeClient;
import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.client.Retries;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.command.Table;
import io.seawall.wal.PChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows every log, or one. */
@Command(
        name = "status",
        description = {
            "Show the logs that a node knows: owner, state, term, tail (the next LSN), lag (records in no segment yet), and for how long"
                    + " that has been so. Below, why a log is not available.",
            "",
            "In a cluster also a line about the cluster; 'seawall nodes' and 'seawall explain' show more.",
            "",
            "With a log, or --wide, everything that the node knows. On a terminal states have colours, unless NO_COLOR is set."
        })
public final class StatusCommand implements Callable<Integer> {
    /** What a node in no cluster answers, and one of an earlier version. */
    private static final Set<String> NO_CLUSTER = Set.of("FORBIDDEN", "INVALID", "NOT_FOUND");

    /** Moves a terminal's cursor to the upper left corner and clears the screen. */
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @Mixin
    private final NodeOptions node;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<pchannel>",
            converter = PChannelArgument.Converter.class,
            description = "Only this log, in full.")
    private @Nullable PChannel pchannel;

    @Option(names = "--wide", description = "All columns, also those that do not fit in 80 characters.")
    private boolean wide;

    @Option(
            names = "--watch",
            arity = "0..1",
            paramLabel = "<seconds>",
            fallbackValue = "2",
            description = "Show it again every so many seconds, 2 by default, until Ctrl-C.")
    private @Nullable Integer watch;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    public StatusCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        if (watch != null && watch < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--watch " + watch + ": expected 1 or more seconds, as in --watch 2");
        }
        show();
        while (watch != null) {
            Retries.sleep(TimeUnit.SECONDS.toMillis(watch));
            node.stdio().println(node.stdio().outTerminal() ? CLEAR : "");
            showOrSayWhyNot();
        }
        return 0;
    }

    private void show() {
        if (pchannel != null) {
            node.report().object(node.client().get(PChannelArgument.path(pchannel)));
        } else {
            all();
        }
    }

    /** A command that watches outlasts a node that is away for a while. */
    private void showOrSayWhyNot() {
        try {
            show();
        } catch (NodeFailure failure) {
            node.stdio().println(String.valueOf(failure.getMessage()));
        }
    }

    private void all() {
        var client = node.client();
        List<JsonNode> all = Json.items(client.get("/v1/pchannels"), "pchannels");
        var cluster = cluster(client);
        var places = new HashMap<String, JsonNode>();
        cluster.ifPresent(known -> known.path("pchannels")
                .forEach(place -> places.put(place.path("pchannel").asText(), place)));
        if (node.json()) {
            node.report().rows(wideRows(all, places));
            return;
        }
        if (wide) {
            node.report()
                    .rows(wideRows(all, places).stream()
                            .map(StatusCommand::brief)
                            .toList());
        } else {
            narrow(all, places);
        }
        cluster.ifPresent(known -> {
            node.stdio().println("");
            node.stdio().println(ClusterSummary.line(known));
        });
    }

    private static List<JsonNode> wideRows(List<JsonNode> all, Map<String, JsonNode> places) {
        return all.stream()
                .map(row -> placed(row, places.get(row.path("pchannel").asText())))
                .toList();
    }

    private void narrow(List<JsonNode> all, Map<String, JsonNode> places) {
        var table = new StatusTable(node.now());
        var lines = Table.lines(all.stream()
                .map(log -> table.row(log, places.get(log.path("pchannel").asText())))
                .toList());
        var colored = StateColors.wanted(node.stdio().outTerminal(), System.getenv());
        (colored ? StateColors.paint(lines) : lines).forEach(node.stdio()::println);
        var causes = table.causes(all);
        if (!causes.isEmpty()) {
            node.stdio().println("");
            causes.forEach(node.stdio()::println);
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
