package io.seawall.cli.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import io.seawall.wal.PChannel;
import java.util.List;
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
                    + " close, also the expected and the current state and since when, the last failure and the number of terms seen."
        })
public final class StatusCommand implements Callable<Integer> {
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
            List<JsonNode> all = Json.items(node.client().get("/v1/pchannels"), "pchannels");
            node.report()
                    .rows(
                            node.json()
                                    ? all
                                    : all.stream().map(StatusCommand::brief).toList());
        }
        return 0;
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
