package io.seawall.cli;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes segments of everything acknowledged so far. */
@Command(
        name = "flush",
        description = "Publish every record acknowledged so far in segments; returns when they are there.")
final class FlushCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Mixin
    private final NodeOptions node;

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    FlushCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        node.progress(false).waitingFor(pchannel.value() + " to be flushed");
        var client = node.client();
        var answer = client.post(client.uri(pchannel.path("/flush")), BodyPublishers.noBody(), PATIENCE);
        node.report().object(answer.body());
        return 0;
    }
}
