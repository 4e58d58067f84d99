package io.seawall.cli.segments;

import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.OutputOptions;
import io.seawall.cli.command.PathConverter;
import io.seawall.cli.command.RecordLines;
import io.seawall.cli.command.Stdio;
import io.seawall.node.segments.SegmentArchive;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Writes the records of segments to standard output. */
@Command(
        name = "cat",
        description = {
            "Write the records of a log's segments, or of one file, to standard output.",
            "",
            "A record is written as its value and a newline, so a null value looks like an empty one; --json writes the whole "
                    + "record, with bytes in base64. The records of a damaged segment are not written. 'seawall read' asks a node "
                    + "and also reads records that are in no segment yet."
        })
public final class SegmentsCat implements Callable<Integer> {
    @Mixin
    private final OutputOptions output;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Mixin
    private final RecordRange range = new RecordRange();

    @Parameters(
            index = "0",
            paramLabel = "<pchannel>|FILE",
            description = "With --root or --config a log, as in orders-3; otherwise an .avro file.")
    @SuppressWarnings("NullAway.Init") // picocli refuses to run the command without it
    private String what;

    private long records;
    private long bytes;

    public SegmentsCat(Stdio stdio) {
        this.output = new OutputOptions(stdio);
    }

    @Override
    public Integer call() throws IOException {
        range.check();
        var out = output.stdio().out();
        var lines = output.json() ? RecordLines.JSON : RecordLines.VALUES;
        var progress = output.progress(output.stdio().outTerminal());
        try {
            read(record -> {
                bytes += lines.write(record, out);
                records++;
                progress.at(records, bytes);
            });
            return ExitCode.OK;
        } finally {
            progress.end();
            out.flush();
        }
    }

    private void read(Consumer<LogRecord> each) {
        if (!store.given()) {
            SegmentArchive.readFile(file(), range.from(), range.to(), each);
            return;
        }
        try (var archive = store.open()) {
            archive.read(log(), range.from(), range.to(), each);
        }
    }

    private Path file() {
        try {
            var file = new PathConverter().convert(what);
            if (!what.endsWith(".avro") && !Files.exists(file)) {
                throw store.usage("there is no file '" + what + "'; for a log, set its store with --root");
            }
            return file;
        } catch (TypeConversionException e) {
            throw store.usage(String.valueOf(e.getMessage()));
        }
    }

    private PChannel log() {
        try {
            return PChannel.parse(what);
        } catch (WalException e) {
            throw store.usage(String.valueOf(e.getMessage()));
        }
    }
}
