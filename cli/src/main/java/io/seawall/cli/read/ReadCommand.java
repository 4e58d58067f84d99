package io.seawall.cli.read;

import io.seawall.cli.client.GrpcOptions;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.DurationConverter;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.command.ValueFormat;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.StartPosition;
import io.seawall.client.log.View;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.OffsetDateTime;
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
            "Write the records of a log to standard output and follow it. They are read over gRPC.",
            "",
            "A record is written as its value and a newline, so a null value looks like an empty one; --meta writes its LSN, "
                    + "time and key before it, --json the whole record. LSNs must follow each other: a gap is an error, with exit code 1."
        })
public final class ReadCommand implements Callable<Integer> {
    private static final Pattern LSN = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Duration LONGEST_RETRY = Duration.ofDays(7);
    private static final int MESSAGE_BYTES = 1 << 20;
    private static final long PREFETCH_BYTES = 8L << 20;

    @Mixin
    private final NodeOptions node;

    @Mixin
    private final GrpcOptions grpc = new GrpcOptions();

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
            names = "--format",
            paramLabel = "text|json|base64|auto",
            description = {
                "How values and keys are written. text: the bytes as they are (the default). json: on one line; other bytes as"
                        + " base64 behind 'base64:'. auto: JSON if it is that, else text if it is UTF-8, else base64. With --json"
                        + " as over HTTP, where base64 is the default."
            })
    private @Nullable ValueFormat format;

    @Option(
            names = "--meta",
            description = "Write the LSN, the time, the key (- for none) and the value, with tabs between them.")
    private boolean meta;

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
    public Integer call() throws IOException {
        if (limit < 1) {
            throw usage("--limit must be above 0, found " + limit);
        }
        var range = new ReadRange(start(), untilTail, limit, view);
        var stdio = node.stdio();
        var output = output(stdio.out());
        var options = ReaderOptions.defaults()
                .withView(range.view())
                .withUntilTail(range.untilTail())
                .withMessageBytes(MESSAGE_BYTES)
                .withPrefetchBytes(PREFETCH_BYTES)
                .withRetryTimeout(retry.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry);
        try (var client = grpc.connect(node);
                var reader = client.reader(pchannel.value().toString(), range.start(), options)) {
            new LogReading(reader, range, output, node.progress(stdio.outTerminal())).run();
        }
        return 0;
    }

    private RecordOutput output(OutputStream out) {
        if (node.json() && meta) {
            throw usage("--meta and --json cannot be combined: JSON has the LSN, the time and the key already");
        }
        if (node.json()) {
            return new JsonOutput(out, format == null ? ValueFormat.BASE64 : format);
        }
        if (format == null && !meta) {
            return new ValueOutput(out);
        }
        return new FormattedOutput(out, format == null ? ValueFormat.TEXT : format, meta);
    }

    private StartPosition start() {
        if (at != null && from != null) {
            throw usage("--from and --at both set the start: use only one");
        }
        if (at != null) {
            return StartPosition.time(at.toInstant());
        }
        if (from == null || from.equals("oldest")) {
            return StartPosition.oldest();
        }
        if (from.equals("tail")) {
            return StartPosition.tail();
        }
        if (!LSN.matcher(from).matches()) {
            throw usage("--from must be an LSN, 'oldest' or 'tail', found '" + from + "'");
        }
        return StartPosition.lsn(Long.parseLong(from));
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
