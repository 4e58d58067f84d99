package io.seawall.cli.logs;

import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.Stdio;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flushes a log into segments; pauses and resumes flushing. */
@Command(
        name = "flush",
        description =
                "Publish every record acknowledged so far in segments, and wait until that is done. Or pause flushing.")
public final class FlushCommand implements Callable<Integer> {
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);

    @Mixin
    private final NodeOptions node;

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    @ArgGroup
    private @Nullable Switch instead;

    /** The operations other than flushing. */
    static final class Switch {
        @Option(
                names = "--pause",
                required = true,
                description = "Stop publishing and trimming until --resume, or until the pchannel is opened again.")
        private boolean pause;

        @Option(names = "--resume", required = true, description = "Resume after --pause.")
        private boolean resume;
    }

    public FlushCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        var client = node.client();
        if (instead == null) {
            node.progress(false).waitingFor(pchannel.value() + " to be flushed");
        }
        var answer = client.post(client.uri(pchannel.path(path())), BodyPublishers.noBody(), ANSWER_TIMEOUT);
        node.report().object(answer.body());
        return 0;
    }

    private String path() {
        var wanted = instead;
        if (wanted == null) {
            return "/flush";
        }
        return wanted.pause && !wanted.resume ? "/flush/pause" : "/flush/resume";
    }
}
