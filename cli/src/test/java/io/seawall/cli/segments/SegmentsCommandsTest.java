package io.seawall.cli.segments;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.Cli;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the commands that work on files, with a copy of the golden segments: a gap 0 to 41 and the records 42 to 59. */
class SegmentsCommandsTest {
    private static final Path GOLDEN = Path.of("../flusher/src/test/resources/golden/segments-1");
    private static final Path SAMPLES = Path.of("../docs/samples");
    private static final String ZSTANDARD = "orders/3/00000000000000000042.avro";
    private static final String DEFLATE = "orders/3/00000000000000000051.avro";

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void copyTheGoldenStore() throws IOException {
        root = folder.resolve("segments");
        try (var files = Files.walk(GOLDEN)) {
            for (var file : files.sorted().toList()) {
                Files.copy(file, root.resolve(GOLDEN.relativize(file).toString()));
            }
        }
    }

    @Test
    void listsLogsAndSegmentsWithoutANode() {
        assertThat(run("ls").out()).isEqualTo("PCHANNEL\norders-3\n");
        var segments = jsonLines(run("ls", "orders-3", "--json").out());
        assertThat(segments).extracting(one -> one.path("kind").asText()).containsExactly("gap", "records", "records");
        assertThat(segments).extracting(one -> one.path("first").asLong()).containsExactly(0L, 42L, 51L);
        assertThat(segments.get(1).path("name").asText()).isEqualTo(ZSTANDARD);
        assertThat(segments.get(1).path("terms").toString()).isEqualTo("{\"min\":7,\"max\":12}");
        assertThat(run("ls", "orders-3").out()).contains("KIND", "gap", "min 7, max 12");
    }

    @Test
    void verifiesOneLogAndTellsOfGaps() {
        var outcome = run("verify", "orders-3", "--json");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .isEqualTo("{\"ok\":true,\"segments\":3,\"records\":18,\"next\":60,"
                        + "\"gaps\":[{\"first\":0,\"last\":41}],\"errors\":[]}\n");
    }

    @Test
    void verifiesAllLogsAndFailsIfOneIsNotInOrder() throws Exception {
        Files.createDirectories(root.resolve("audit/0"));
        Files.writeString(root.resolve("audit/0/00000000000000000000.avro"), "not a segment");

        var outcome = run("verify", "--all", "--json", "--progress");

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        var verdicts = jsonLines(outcome.out());
        assertThat(verdicts).extracting(one -> one.path("pchannel").asText()).containsExactly("audit-0", "orders-3");
        assertThat(verdicts).extracting(one -> one.path("ok").asBoolean()).containsExactly(false, true);
        assertThat(verdicts.get(0).path("errors").get(0).asText()).contains("audit/0/00000000000000000000.avro");
        assertThat(outcome.err()).contains("waiting for the segments of orders-3");
    }

    @Test
    void catWritesWholeRecordsOfAFile() throws Exception {
        var outcome = Cli.run(
                "segments", "cat", SAMPLES.resolve("segment-deflate.avro").toString(), "--json");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).isEqualTo(Files.readString(SAMPLES.resolve("segment-deflate.ndjson")));
    }

    @Test
    void catWritesValuesOfALog() {
        var outcome = run("cat", "orders-3", "--from", "47", "--to", "47");

        assertThat(outcome.out()).isEqualTo("日本語 🌊\n");
        assertThat(run("cat", "orders-3", "--from", "42", "--to", "43").out()).isEqualTo("\n\n");
        assertThat(lsns(run("cat", "orders-3", "--json").out()))
                .as("from the oldest record on, in both codecs")
                .containsExactlyElementsOf(LongStream.range(42, 60).boxed().toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--from 0           | TRIMMED     | a gap: LSNs 0 to 41",
                "--from 60 --to 60  | BEYOND_TAIL | up to LSN 59",
                "--from 61          | BEYOND_TAIL | up to LSN 59",
                "--from -1          | INVALID     | 0 or more"
            })
    void catSaysWhyARangeIsNotThere(String range, String code, String reason) {
        var outcome = run(("cat orders-3 " + range).split(" +"));

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("seawall: " + code + ": ")
                .contains(reason)
                .hasLineCount(1);
    }

    @Test
    void catWritesNothingOfADamagedSegment() throws Exception {
        flipBit(DEFLATE);

        var outcome = run("cat", "orders-3", "--json");

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(lsns(outcome.out()))
                .containsExactlyElementsOf(LongStream.range(42, 51).boxed().toList());
        assertThat(outcome.err()).contains("DATA_LOSS", DEFLATE, "CRC-32C");
    }

    @Test
    void anExportIsASegmentOfItsOwn() throws Exception {
        var file = folder.resolve("range.avro");

        var outcome = run(
                "export",
                "orders-3",
                "--from",
                "45",
                "--to",
                "55",
                "--codec",
                "deflate",
                "--output",
                file.toString(),
                "--json");

        assertThat(outcome.code()).isZero();
        var report = jsonLines(outcome.out()).get(0);
        assertThat(report.path("first").asLong()).isEqualTo(45);
        assertThat(report.path("last").asLong()).isEqualTo(55);
        assertThat(report.path("records").asLong()).isEqualTo(11);
        assertThat(report.path("bytes").asLong()).isEqualTo(Files.size(file));
        assertThat(Cli.run("segments", "cat", file.toString(), "--json").out())
                .isEqualTo(run("cat", "orders-3", "--from", "45", "--to", "55", "--json")
                        .out());
        assertThat(new String(Files.readAllBytes(file), UTF_8)).contains("avro.codec", "deflate");
        assertThat(folder).isDirectoryNotContaining("glob:**/.range*");
    }

    @Test
    void anExportAsLinesIsWhatCatWrites() throws Exception {
        var file = folder.resolve("range.ndjson");
        Files.writeString(file, "of yesterday");

        var outcome = run("export", "orders-3", "--format", "ndjson", "--output", file.toString());

        assertThat(outcome.out()).contains("first: 42\n", "records: 18\n");
        assertThat(Files.readString(file))
                .isEqualTo(run("cat", "orders-3", "--json").out());
        assertThat(run("export", "orders-3", "--format", "ndjson", "--output", "-")
                        .out())
                .isEqualTo(Files.readString(file));
    }

    @Test
    void anAvroExportGoesToStandardOutputToo() throws Exception {
        var outcome = run("export", "orders-3", "--output", "-");

        var file = Files.write(folder.resolve("from-stdout.avro"), outcome.bytes());
        assertThat(lsns(Cli.run("segments", "cat", file.toString(), "--json").out()))
                .hasSize(18);
    }

    @ParameterizedTest
    @CsvSource({"avro", "ndjson"})
    void anExportThatFailsLeavesWhatWasThere(String format) throws Exception {
        var file = Files.writeString(folder.resolve("export"), "of yesterday");
        flipBit(DEFLATE);

        var outcome = run("export", "orders-3", "--format", format, "--output", file.toString());

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.err()).contains("DATA_LOSS", DEFLATE);
        assertThat(file).hasContent("of yesterday");
        assertThat(folder).isDirectoryNotContaining("glob:**/.export*");
    }

    @Test
    void gcTellsAndDeletesOnlyWhenAskedTo() throws Exception {
        var dead = left(root.resolve("orders/3/.00000000000000000060.avro.0a.1.tmp"), 100);
        var spool = folder.resolve("spool/1-0-dead");
        left(spool.resolve("orders-3-60.1.spool"), 50);
        left(spool.resolve("lock"), 0);
        Files.setLastModifiedTime(spool, FileTime.from(Instant.EPOCH));
        var young = Files.writeString(root.resolve("orders/3/.00000000000000000061.avro.0a.1.tmp"), "in use");
        var spools = folder.resolve("spool").toString();

        var told = run("gc", "--spool", spools);

        assertThat(told.code()).isZero();
        assertThat(told.out())
                .contains(dead.toString(), spool.toString())
                .doesNotContain(young.toString())
                .endsWith("found 2 left-overs with 150 bytes; --delete removes them\n");
        assertThat(dead).exists();

        var done = run("gc", "--spool", spools, "--delete", "--json");

        assertThat(jsonLines(done.out()))
                .allMatch(one -> one.path("deleted").asBoolean())
                .hasSize(2);
        assertThat(dead).doesNotExist();
        assertThat(spool).doesNotExist();
        assertThat(young).exists();
        assertThat(run("gc", "--spool", spools).out()).isEqualTo("nothing to clean up\n");
        assertThat(run("gc", "--older-than", "0s").out()).contains(young.toString());
        assertThat(run("verify", "orders-3").code())
                .as("every segment is still there")
                .isZero();
    }

    @Test
    void describesWrongUsage() {
        assertThat(Cli.run("segments", "gc").err()).contains("--root or --config");
        assertThat(Cli.run("segments", "cat", "orders-3").err()).contains("no file 'orders-3'", "--root");
        assertThat(Cli.run("segments", "cat", "absent.avro").code()).isEqualTo(ExitCode.FAILED);
        assertThat(Cli.run("segments", "export", "orders-3", "--root", root.toString())
                        .err())
                .contains("--output");
        assertThat(run("verify").err()).contains("a log is missing");
        assertThat(run("verify", "orders-3", "--all").code()).isEqualTo(ExitCode.USAGE);
        assertThat(run("ls", "orders-3", "--url", "http://localhost:1").err()).contains("use only one");
        assertThat(run("cat", "Not-A-Log").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Cli.run("segments", "ls", "--root", folder.resolve("nowhere").toString())
                        .err())
                .startsWith("seawall: NOT_FOUND: ");
    }

    private Cli.Outcome run(String... command) {
        var args = new ArrayList<>(List.of("segments"));
        args.addAll(List.of(command));
        args.addAll(List.of("--root", root.toString()));
        return Cli.run(args.toArray(String[]::new));
    }

    private void flipBit(String segment) throws IOException {
        var bytes = Files.readAllBytes(root.resolve(segment));
        bytes[bytes.length - 30] ^= 1;
        Files.write(root.resolve(segment), bytes);
    }

    private static Path left(Path file, int bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
        return Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }

    private static List<Long> lsns(String lines) {
        return jsonLines(lines).stream().map(one -> one.path("lsn").asLong()).toList();
    }

    private static List<JsonNode> jsonLines(String lines) {
        return lines.lines().map(SegmentsCommandsTest::parsed).toList();
    }

    private static JsonNode parsed(String line) {
        try {
            return Json.MAPPER.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
