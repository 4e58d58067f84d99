package io.seawall.cli;

import io.seawall.wal.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
                    + "without a newline is a record too, so such a file comes back from 'read' with one newline added. "
                    + "Lines go in batches of up to 1,000 lines or 1 MiB, in order; each batch is written whole or not at "
                    + "all. On error it says how many lines were acknowledged and exits with 1."
        })
final class AppendCommand implements Callable<Integer> {
    private static final int LONGEST_VALUE_BYTES = LineAppend.LONGEST_LINE_BYTES;
    private static final char UNDECODABLE = '\uFFFD';

    @Mixin
    private final NodeOptions node;

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "The record's value, as UTF-8.")
    private @Nullable String value;

    @Option(names = "--lines", description = "Append each line of standard input as a record.")
    private boolean lines;

    @Option(names = "--key", paramLabel = "KEY", description = "The key of each record, as UTF-8; none by default.")
    private @Nullable String key;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "A header of each record, as UTF-8; may be given more than once, the order is kept.")
    private List<String> headers = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    AppendCommand(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (lines && value != null) {
            throw usage("VALUE and --lines exclude each other");
        }
        var template = new RecordTemplate(key == null ? null : bytes(key), parsedHeaders());
        if (lines) {
            return appendLines(template);
        }
        var batch = new Batch(template);
        var bytes = value == null ? standardInput() : bytes(value);
        batch.add(bytes, 0, bytes.length);
        var client = node.client();
        var answer = client.append(client.uri(pchannel.path("/records")), batch.finish());
        report(AppendTotals.NOTHING.plus(batch, answer.body()), "record");
        return 0;
    }

    private int appendLines(RecordTemplate template) throws InterruptedException {
        try {
            var append = new LineAppend(node.client(), pchannel.value(), template, node.progress(false));
            report(append.run(node.stdio().in()), "line");
            return 0;
        } catch (AppendFailed e) {
            if (node.json()) {
                node.stdio().println(Json.line(e.totals().json().put("error", e.getMessage())));
            }
            throw e;
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
                        + " bytes, the most that append takes as one value; --lines makes a record of each line");
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
            parsed.add(new Header(header.substring(0, equals), bytes(header.substring(equals + 1))));
        }
        return parsed;
    }

    // The JVM decodes arguments by the locale and puts this character for what it cannot read: better refused than
    // stored.
    private byte[] bytes(String argument) {
        if (argument.indexOf(UNDECODABLE) >= 0) {
            throw usage("an argument has bytes that the locale cannot decode; use standard input, or a UTF-8 locale");
        }
        return argument.getBytes(StandardCharsets.UTF_8);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
