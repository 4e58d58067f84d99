package io.seawall.cli.segments;

import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.OutputFile;
import io.seawall.cli.command.OutputOptions;
import io.seawall.cli.command.Progress;
import io.seawall.cli.command.RecordLines;
import io.seawall.cli.command.Stdio;
import io.seawall.node.segments.SegmentArchive;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a range of records to one file. */
@Command(
        name = "export",
        description = {
            "Write a range of a log's records from its segments to one file.",
            "",
            "If a record of the range is damaged or missing, the command fails and leaves no file. "
                    + "avro is one file in the format of a segment, ndjson the whole records as JSON, one per line. An existing "
                    + "file is replaced."
        })
public final class SegmentsExport implements Callable<Integer> {
    private static final String STDOUT = "-";

    /** The form of an export. */
    enum Format {
        /** One segment file. */
        AVRO,
        /** JSON, one record per line. */
        NDJSON
    }

    /** The compression of an Avro export. */
    enum Codec {
        /** Small and fast. */
        ZSTANDARD,
        /** Readable by every Avro library. */
        DEFLATE
    }

    @Mixin
    private final OutputOptions output;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    @Mixin
    private final RecordRange range = new RecordRange();

    @Option(names = "--format", paramLabel = "avro|ndjson", description = "The form of the file (default: avro).")
    private Format format = Format.AVRO;

    @Option(
            names = "--codec",
            paramLabel = "zstandard|deflate",
            description = "How avro is compressed (default: zstandard); every Avro library reads deflate.")
    private Codec codec = Codec.ZSTANDARD;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE|-",
            description = "The file, or - for standard output.")
    @SuppressWarnings("NullAway.Init") // picocli refuses to run the command without it
    private Path target;

    private long records;
    private long bytes;
    private long first = -1;
    private long last = -1;

    public SegmentsExport(Stdio stdio) {
        this.output = new OutputOptions(stdio);
    }

    @Override
    public Integer call() throws IOException {
        var progress = output.progress(isStdout() && output.stdio().outTerminal());
        try (var archive = store.open()) {
            if (isStdout()) {
                toStdout(archive, progress);
            } else {
                toFile(archive, target, progress);
            }
            return ExitCode.OK;
        } finally {
            progress.end();
        }
    }

    private void toStdout(SegmentArchive archive, Progress progress) throws IOException {
        var out = output.stdio().out();
        if (format == Format.NDJSON) {
            archive.read(log(), range.from(), range.to(), lines(out, progress));
        } else {
            // The header can only be written when everything that it states is known.
            try (var file = OutputFile.withoutName()) {
                avro(archive, file.temporary(), progress);
                Files.copy(file.temporary(), out);
            }
        }
        out.flush();
    }

    private void toFile(SegmentArchive archive, Path path, Progress progress) {
        try (var file = OutputFile.to(path)) {
            if (format == Format.AVRO) {
                avro(archive, file.temporary(), progress);
            } else {
                ndjson(archive, file.temporary(), progress);
            }
            file.publish();
        }
        progress.end();
        output.report()
                .object(Json.object()
                        .put("pchannel", log().toString())
                        .put("output", path.toString())
                        .put("first", records == 0 ? null : Long.valueOf(first))
                        .put("last", records == 0 ? null : Long.valueOf(last))
                        .put("records", records)
                        .put("bytes", bytesOf(path)));
    }

    private void avro(SegmentArchive archive, Path file, Progress progress) {
        try {
            archive.export(log(), range.from(), range.to(), codec == Codec.DEFLATE, file, record -> {
                var value = record.data().value();
                took(record, value == null ? 0 : value.length, progress);
            });
        } catch (IOException e) {
            throw OutputFile.failed(file, e);
        }
    }

    private void ndjson(SegmentArchive archive, Path file, Progress progress) {
        try (var raw = new FileOutputStream(file.toFile());
                var out = new BufferedOutputStream(raw)) {
            archive.read(log(), range.from(), range.to(), lines(out, progress));
            out.flush();
            raw.getFD().sync();
        } catch (IOException e) {
            throw OutputFile.failed(file, e);
        } catch (UncheckedIOException e) {
            throw OutputFile.failed(file, Objects.requireNonNull(e.getCause()));
        }
    }

    private Consumer<LogRecord> lines(OutputStream out, Progress progress) {
        return record -> took(record, RecordLines.JSON.write(record, out), progress);
    }

    private void took(LogRecord record, long size, Progress progress) {
        first = first < 0 ? record.lsn() : first;
        last = record.lsn();
        records++;
        bytes += size;
        progress.at(records, bytes);
    }

    private boolean isStdout() {
        return target.toString().equals(STDOUT);
    }

    private PChannel log() {
        return pchannel.value();
    }

    private static long bytesOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw OutputFile.failed(file, e);
        }
    }
}
