package io.seawall.cli.read;

import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.client.Retries;
import io.seawall.cli.command.DurationConverter;
import io.seawall.cli.command.Stdio;
import io.seawall.wal.View;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes the records of a log to standard output. */
@Command(
        name = "read",
        description = {
            "Write the records of a log to standard output and follow it.",
            "",
            "A record is written as its value and a newline, so a null value looks like an empty one; --json writes the "
                    + "whole record, with bytes in base64. LSNs must follow each other: a gap is an error, with exit code 1."
        })
public final class ReadCommand implements Callable<Integer> {
    private static final Pattern START = Pattern.compile("oldest|tail|0|[1-9][0-9]{0,17}");

    @Mixin
    private final NodeOptions node;

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    @Option(
            names = "--from",
            paramLabel = "LSN|oldest|tail",
            description = "The first record to write (default: oldest).")
    private @Nullable String from;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Begin with the first record that is not older, as in 2026-11-23T14:00:00Z.")
    private @Nullable OffsetDateTime at;

    @Option(
            names = "--until-tail",
            description =
                    "Stop at the tail that the view had when reading began, as far as the node knew, instead of following.")
    private boolean untilTail;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after this many records.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--view",
            paramLabel = "live|committed",
            description =
                    "live: records as soon as they are acknowledged; committed: once they are committed (default: live).")
    private View view = View.LIVE;

    @Option(
            names = "--retry",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description =
                    "How long to retry while no node serves the log, as while one restarts; ${DEFAULT-VALUE} by default.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: there is a default
    private Duration retry;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    public ReadCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (limit < 1) {
            throw usage("--limit must be above 0, found " + limit);
        }
        var range = new ReadRange(start(), untilTail, limit, view.name().toLowerCase(Locale.ROOT));
        var format = node.json() ? new JsonFormat() : new RawFormat();
        var stdio = node.stdio();
        new LogReading(
                        node.client(),
                        pchannel.value(),
                        range,
                        format,
                        stdio.out(),
                        new Retries(node.retryDeadline(retry)),
                        node.progress(stdio.outTerminal()))
                .run();
        return 0;
    }

    private String start() {
        if (at != null && from != null) {
            throw usage("--from and --at both set the start: use only one");
        }
        if (at != null) {
            return "at=" + at.toInstant();
        }
        var first = from == null ? "oldest" : from;
        if (!START.matcher(first).matches()) {
            throw usage("--from must be an LSN, 'oldest' or 'tail', found '" + first + "'");
        }
        return "from=" + first;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
