package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.benchmarks.measure.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A file of lines that is appended and read back by the commands of Seawall and by kcat, as processes. For one thread. */
final class LineRun {
    private static final double MEGABYTE = 1e6;

    private final BenchKafka kafka;
    private final WireNode node;
    private final NodeLogs logs;
    private final Path file;
    private final List<String> program;
    private final Clock clock;
    private final List<String> ours = new ArrayList<>(); // the logs of the rounds
    private final List<String> bare = new ArrayList<>(); // the topics of the rounds
    private final Path read; // what was read last, by us and by kcat
    private final Path readByKcat;

    /**
     * Creates a run.
     *
     * @param file the lines
     * @param program how to run Seawall, before the arguments of the command
     */
    LineRun(BenchKafka kafka, WireNode node, NodeLogs logs, Path file, List<String> program, Clock clock)
            throws IOException {
        this.kafka = kafka;
        this.node = node;
        this.logs = logs;
        this.file = file;
        this.program = program;
        this.clock = clock;
        this.read = Files.createTempFile("bench-read", ".txt");
        this.readByKcat = Files.createTempFile("bench-kcat", ".txt");
    }

    /** Measures the given number of rounds, appends first. */
    void run(int rounds, Consumer<String> progress, WireReport.Builder report) throws IOException {
        var kcat = LineTools.find("kcat");
        var appends = new Comparison(WirePart.LINES, "append", progress);
        var reads = new Comparison(WirePart.LINES, "read", progress);
        if (kcat.isPresent()) {
            appends.side("kcat -P", round -> kcatAppend(kcat.get(), round));
            reads.side("kcat -C", round -> kcatRead(kcat.get(), round));
        } else {
            report.note(WirePart.LINES, "no kcat on the PATH, so there is nothing to compare with");
        }
        appends.side("append --lines", this::append).run(rounds, report);
        try {
            reads.side("read --until-tail", this::read).run(rounds, report);
            checkSame();
        } finally {
            Files.deleteIfExists(read);
            Files.deleteIfExists(readByKcat);
            ours.forEach(logs::delete);
            bare.forEach(kafka::delete);
        }
    }

    /** A last line without its end gets one. */
    private void checkSame() throws IOException {
        var size = Files.size(file);
        var difference = Files.mismatch(file, read);
        if (difference >= 0 && (difference != size || Files.size(read) != size + 1)) {
            throw new IllegalStateException(
                    "read --until-tail gave other bytes than append --lines was given, from byte " + difference
                            + " on");
        }
    }

    private Map<String, Double> append(int round) {
        var log = logs.create("lines-" + round);
        ours.add(log);
        return timed(
                seawall("append", log, "--lines"),
                ProcessBuilder.Redirect.from(file.toFile()),
                ProcessBuilder.Redirect.DISCARD);
    }

    private Map<String, Double> read(int round) {
        // Every log begins with a record that says that it is open: LSN 0.
        return timed(
                seawall("read", ours.get(round), "--from", "1", "--until-tail"),
                ProcessBuilder.Redirect.PIPE,
                ProcessBuilder.Redirect.to(read.toFile()));
    }

    private List<String> seawall(String... arguments) {
        var command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        command.addAll(List.of("--url", node.url().toString()));
        return command;
    }

    private Map<String, Double> kcatAppend(Path kcat, int round) {
        var topic = "kcat-" + round;
        kafka.newTopic(topic, 1);
        bare.add(topic);
        var command = kcat(kcat, "-P", topic);
        command.addAll(List.of("-X", "acks=all", "-X", "enable.idempotence=true"));
        return timed(command, ProcessBuilder.Redirect.from(file.toFile()), ProcessBuilder.Redirect.DISCARD);
    }

    private Map<String, Double> kcatRead(Path kcat, int round) {
        var command = kcat(kcat, "-C", bare.get(round));
        command.addAll(List.of("-o", "beginning", "-e", "-q"));
        return timed(command, ProcessBuilder.Redirect.PIPE, ProcessBuilder.Redirect.to(readByKcat.toFile()));
    }

    private List<String> kcat(Path kcat, String mode, String topic) {
        return new ArrayList<>(List.of(
                kcat.toString(), mode, "-b", kafka.bootstrapServers(), "-t", kafka.kafkaName(topic), "-p", "0"));
    }

    private Map<String, Double> timed(List<String> command, ProcessBuilder.Redirect from, ProcessBuilder.Redirect to) {
        var start = clock.nanos();
        LineTools.run(command, from, to);
        var seconds = (clock.nanos() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        try {
            return Map.of("mbPerSecond", Files.size(file) / MEGABYTE / seconds);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
