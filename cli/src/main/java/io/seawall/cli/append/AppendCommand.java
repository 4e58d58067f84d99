package io.seawall.cli.append;

import io.seawall.cli.client.GrpcOptions;
import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.client.Retries;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.DurationConverter;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.command.ValueFormat;
import io.seawall.client.log.Header;
import io.seawall.client.log.WriterOptions;
import io.seawall.client.log.WriterOptions.Session;
import io.seawall.wal.RequestException;
import io.seawall.wal.WriterSeq;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Appends one record, or one per line of standard input. */
@Command(
        name = "append",
        description = {
            "Append to a log: VALUE, or all of standard input as one record, or with --lines each line of it.",
            "",
            "With --lines a record is the bytes before a newline, undecoded; an empty line is an empty value. A last line "
                    + "without a newline is a record too, so 'read' returns such a file with one newline added. "
                    + "Lines are sent over gRPC, in order, in batches of up to 1,000 lines or 1 MiB; each batch is written "
                    + "completely or not at all, and only once, even if an answer is lost, a node restarts or the owner "
                    + "changes. On error the command prints how many lines were acknowledged and exits with 1.",
            "",
            "A writer session makes an append safe to repeat: the log accepts each number of a session once, in order "
                    + "from 0, and answers a repetition with the LSNs of the first attempt. --lines always uses one."
        })
public final class AppendCommand implements Callable<Integer> {
    private static final int LONGEST_VALUE_BYTES = LineAppend.LONGEST_LINE_BYTES;
    private static final int BATCH_BYTES = 1 << 20;
    private static final char UNDECODABLE = '\uFFFD';

    /** The shortest time in which a healthy node is given up. */
    private static final Duration LEAST_RETRY = Duration.ofSeconds(1);

    private static final Duration LONGEST_RETRY = Duration.ofDays(7);

    @Mixin
    private final NodeOptions node;

    @Mixin
    private final GrpcOptions grpc = new GrpcOptions();

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "The record's value, as UTF-8.")
    private @Nullable String value;

    @Option(names = "--lines", description = "Append each line of standard input as a record.")
    private boolean lines;

    @Option(
            names = "--format",
            paramLabel = "text|json|base64",
            description = {
                "What VALUE, standard input and each line are: text, the bytes as they are (the default); json, which is checked,"
                        + " and stored without spaces between its parts; base64, which is decoded."
            })
    private ValueFormat format = ValueFormat.TEXT;

    @Option(names = "--key", paramLabel = "KEY", description = "The key of each record, as UTF-8; none by default.")
    private @Nullable String key;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "A header of each record, as UTF-8; may be given more than once, the order is kept.")
    private List<String> headers = List.of();

    @Option(
            names = "--writer",
            paramLabel = "ID",
            description = "The writer session: 1 to 100 of A-Z a-z 0-9 . _ -. Default: a random one with --lines, "
                    + "otherwise none.")
    private @Nullable String writer;

    @Option(
            names = "--seq",
            paramLabel = "N",
            description =
                    "The batch's number in the writer session; with --lines that of the first batch; 0 by default.")
    private @Nullable Long seq;

    @Option(
            names = "--if-tail",
            paramLabel = "LSN",
            description = "Append only if the log's tail, the next LSN, is this one. Not with --lines.")
    private @Nullable Long ifTail;

    @Option(
            names = "--retry",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description =
                    "How long to retry while nothing is acknowledged, at least 1s; without --lines only while the node to which"
                            + " another one redirects does not answer. ${DEFAULT-VALUE} by default.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: there is a default
    private Duration retry;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    public AppendCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (lines && value != null) {
            throw usage("VALUE and --lines cannot be combined");
        }
        if (lines && ifTail != null) {
            throw usage("--if-tail and --lines cannot be combined: every batch moves the tail");
        }
        if (ifTail != null && ifTail < 0) {
            throw usage("--if-tail takes an LSN of 0 or more, found " + ifTail);
        }
        if (format == ValueFormat.AUTO) {
            throw usage("--format auto is for read; append takes text, json or base64");
        }
        var template = new RecordTemplate(key == null ? null : bytes(key), parsedHeaders());
        if (lines) {
            return appendLines(template);
        }
        return appendOne(template);
    }

    private int appendOne(RecordTemplate template) {
        var session = session();
        var bytes = meant(value == null ? standardInput() : bytes(value));
        var json = Json.object();
        json.putArray("records").add(template.json(bytes));
        if (ifTail != null) {
            json.put("ifTail", ifTail);
        }
        var client = node.client();
        var body = BodyPublishers.ofString(Json.line(json));
        var target = client.uri(pchannel.path("/records"));
        var answer = new Retries(node.retryDeadline(retry))
                .until(() -> client.append(target, body, session), Retries::isUnreachable);
        report(AppendTotals.ofOne((long) bytes.length + template.sizeBytes(), answer.body()), "record");
        return 0;
    }

    private byte[] meant(byte[] given) {
        try {
            return format.meant(given);
        } catch (IllegalArgumentException wrong) {
            throw usage("--format " + format.name().toLowerCase(Locale.ROOT) + ": found " + wrong.getMessage());
        }
    }

    private int appendLines(RecordTemplate template) throws InterruptedException {
        var given = session();
        var options = WriterOptions.defaults()
                .withSession(given == null ? Session.random() : Session.continued(given.id(), given.seq()))
                .withBatchBytes(BATCH_BYTES)
                .withMaxBlock(LONGEST_RETRY) // an append that waits for room is bounded by those that are on their way
                .withDeliveryTimeout(deliveryTimeout())
                .withStopAtFailure(true);
        try (var client = grpc.connectToOwner(node, pchannel.value());
                var writer = client.writer(pchannel.value().toString(), options)) {
            var append = new LineAppend(writer, template, format, given != null, node.progress(false));
            report(append.run(node.stdio().in()), "line");
            return 0;
        } catch (NodeFailure noNode) {
            throw told(new AppendFailed(AppendTotals.NOTHING, 0, false, noNode));
        } catch (AppendFailed e) {
            throw told(e);
        }
    }

    /** Writes the totals of a failed append for programs. */
    private AppendFailed told(AppendFailed failure) {
        if (node.json()) {
            node.stdio().println(Json.line(failure.totals().json().put("error", failure.getMessage())));
        }
        return failure;
    }

    private Duration deliveryTimeout() {
        var atLeast = retry.compareTo(LEAST_RETRY) < 0 ? LEAST_RETRY : retry;
        return atLeast.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : atLeast;
    }

    private @Nullable WriterSeq session() {
        if (writer == null && seq != null) {
            throw usage("--seq numbers the batches of a --writer");
        }
        try {
            return writer == null ? null : new WriterSeq(writer, seq == null ? 0 : seq);
        } catch (RequestException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private void report(AppendTotals totals, String unit) {
        node.report().line(totals.text(unit), totals.json());
    }

    private byte[] standardInput() {
        try {
            var bytes = node.stdio().in().readNBytes(LONGEST_VALUE_BYTES + 1);
            if (bytes.length > LONGEST_VALUE_BYTES) {
                throw new CommandFailed("standard input is longer than " + LONGEST_VALUE_BYTES
                        + " bytes, the longest value that append accepts; --lines appends each line as a record");
            }
            return bytes;
        } catch (IOException e) {
            throw new CommandFailed("cannot read standard input: " + e.getMessage(), e);
        }
    }

    private List<Header> parsedHeaders() {
        var parsed = new ArrayList<Header>();
        for (var header : headers) {
            var equals = header.indexOf('=');
            if (equals < 1) {
                throw usage("--header takes NAME=VALUE, found '" + header + "'");
            }
            parsed.add(new Header(decoded(header.substring(0, equals)), bytes(header.substring(equals + 1))));
        }
        return parsed;
    }

    private byte[] bytes(String argument) {
        return decoded(argument).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns an argument if it was decoded without loss. The JVM decodes arguments by the locale and replaces bytes that it
     * cannot decode by {@link #UNDECODABLE}; half of a surrogate pair would be written as a question mark. Both are rejected, as
     * other bytes would be stored.
     */
    private String decoded(String argument) {
        if (argument.indexOf(UNDECODABLE) >= 0
                || !StandardCharsets.UTF_8.newEncoder().canEncode(argument)) {
            throw usage("an argument has bytes that the locale cannot decode; use standard input, or a UTF-8 locale");
        }
        return argument;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
