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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    public TrimCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        if (before < 0) {
            throw new ParameterException(spec.commandLine(), "--before takes an LSN of 0 or more, found " + before);
        }
        var client = node.client();
        var body = BodyPublishers.ofString(Json.line(Json.object().put("before", before)));
        var answer = client.post(client.uri(pchannel.path("/trim")), body, NodeClient.ANSWER_TIMEOUT);
        node.report().object(answer.body());
        return 0;
    }
}
