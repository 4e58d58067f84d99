package io.seawall.cli.logs;

import io.seawall.cli.client.NodeClient;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deletes the oldest records of a log. */
@Command(
        name = "trim",
        description = {
            "Delete the oldest records of a log in Kafka, for good.",
            "",
            "Keeps the records from --before on, or from the start of the batch that contains it. Segments stay."
        })
public final class TrimCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions node;

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    @Option(names = "--before", required = true, paramLabel = "LSN", description = "The oldest record to keep.")
    private long before;

    public TrimCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var client = node.client();
        var body = BodyPublishers.ofString(Json.line(Json.object().put("before", before)));
        var answer = client.post(client.uri(pchannel.path("/trim")), body, NodeClient.ANSWER_TIMEOUT);
        node.report().object(answer.body());
        return 0;
    }
}
