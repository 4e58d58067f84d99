package io.seawall.cli.logs;

import io.seawall.cli.client.NodeClient;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.DurationConverter;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells a node in manual mode at which term to open a log, or to close it. */
@Command(
        name = "assign",
        description = {
            "Open a log at a term on a node in manual mode, or with --unavailable close it there.",
            "",
            "Waits until the node has done it. If --wait ends before that, the assignment remains in force and the "
                    + "exit code is 1; with --wait 0s the command does not wait and exits with 0."
        })
public final class AssignCommand implements Callable<Integer> {
    private static final int ACCEPTED = 202;
    /** The longest time that a node waits. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    @Mixin
    private final NodeOptions node;

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    @Option(
            names = "--term",
            required = true,
            paramLabel = "T",
            description = "The term; above every term that was ever assigned to this log.")
    private long term;

    @Option(names = "--unavailable", description = "Close the log at this term instead of opening it.")
    private boolean unavailable;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long to wait, as in 500ms or 30s: at most 60s (default: 30s).")
    private Duration wait = Duration.ofSeconds(30);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    public AssignCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            throw new ParameterException(
                    spec.commandLine(), "--wait accepts at most " + LONGEST_WAIT.toSeconds() + "s, found " + wait);
        }
        var body = Json.object().put("term", term).put("available", !unavailable);
        var path = pchannel.path("/assignment?waitMs=" + wait.toMillis());
        var progress = node.progress(false);
        progress.waitingFor(pchannel.value() + (unavailable ? " to close" : " to open") + " at term " + term);
        var answer = node.client().put(path, body, wait.plus(NodeClient.ANSWER_TIMEOUT));
        node.report().object(answer.body());
        if (answer.status() == ACCEPTED && !wait.isZero()) {
            throw new CommandFailed(
                    "not yet done after " + wait.toMillis() + " ms; the assignment remains in force: check with "
                            + "'seawall status " + pchannel.value() + "'");
        }
        return 0;
    }
}
