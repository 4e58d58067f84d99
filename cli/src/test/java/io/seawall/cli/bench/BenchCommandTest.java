package io.seawall.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.benchmarks.append.AppendReport;
import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.Pair;
import io.seawall.benchmarks.measure.Throughput;
import io.seawall.benchmarks.takeover.TakeoverReport;
import io.seawall.cli.Cli;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other programs rely on: the names in the JSON object, and that it is the last line. */
class BenchCommandTest {
    private static final Latency LATENCY = new Latency(100, 1, 2, 3, 4);
    private static final AppendReport APPEND = new AppendReport(
            "append",
            3,
            1024,
            0.97,
            1.05,
            1.2,
            1,
            2000,
            List.of(new Pair<>(new Throughput(200, 10, 100, 1.5), new Throughput(194, 10, 97.04567, 2.5))),
            List.of(new Pair<>(LATENCY, LATENCY)));
    private static final TakeoverReport TAKEOVER = new TakeoverReport(
            "takeover", 1, 80, 120, 100, List.of(new TakeoverReport.Case(1 << 20, 0, LATENCY, LATENCY)));

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Stdio stdio =
            Stdio.of(InputStream.nullInputStream(), bytes, new PrintStream(bytes, true, UTF_8), false, false);

    @Test
    void appendIsOneObjectWithRatiosAndTheFiguresOfEveryRound() throws Exception {
        new BenchOutput(stdio, true).write(Json.MAPPER.valueToTree(APPEND));

        var lines = bytes.toString(UTF_8).lines().toList();
        assertThat(lines).hasSize(1);
        var object = Json.MAPPER.readTree(lines.get(0));
        assertThat(object.path("throughputRatio").asDouble()).isEqualTo(0.97);
        assertThat(object.path("p50Ratio").asDouble()).isEqualTo(1.05);
        assertThat(object.path("p99Ratio").asDouble()).isEqualTo(1.2);
        assertThat(object.path("rounds").asInt()).isEqualTo(1);
        assertThat(object.at("/throughput/0/bare/mbPerSecond").asDouble()).isEqualTo(100);
        assertThat(object.at("/throughput/0/seawall/records").asLong()).isEqualTo(194);
        assertThat(object.at("/latency/0/seawall/p99Ms").asDouble()).isEqualTo(2);
    }

    @Test
    void takeoverIsOneObjectWithPercentilesAndAllCases() throws Exception {
        new BenchOutput(stdio, true).write(Json.MAPPER.valueToTree(TAKEOVER));

        var object = Json.MAPPER.readTree(bytes.toByteArray());
        assertThat(object.path("p50Ms").asDouble()).isEqualTo(80);
        assertThat(object.path("p99Ms").asDouble()).isEqualTo(120);
        assertThat(object.at("/cases/0/republishedBytes").asInt()).isEqualTo(1 << 20);
        assertThat(object.at("/cases/0/fenceToAppend/p50Ms").asDouble()).isEqualTo(1);
    }

    @Test
    void peopleGetTheFiguresAndATableOfTheRounds() {
        new BenchOutput(stdio, false).write(Json.MAPPER.valueToTree(APPEND));

        assertThat(bytes.toString(UTF_8).lines())
                .contains("throughputRatio: 0.970", "rounds: 1", "throughput:")
                .anySatisfy(line -> assertThat(line).contains("SEAWALL.MBPERSECOND"))
                .anySatisfy(line -> assertThat(line).contains("97.046"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "read", "takeover", "open", "flush", "wire"})
    void refusesAnotherReplicationFactorBeforeItStartsAnything(String benchmark) {
        var outcome = Cli.run("bench", benchmark, "--rf", "2");

        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("--rf is 2, expected 1 or 3").doesNotContain("starting");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--url http://127.0.0.1:1 | --url needs --grpc and --kafka",
                "--grpc 127.0.0.1:1 | need --url",
                "--node-pid 1 | need --url",
                "--readers 0 | --readers is 0, expected 1 or more",
                "--time 0s | is 0, expected 1 or more",
                "--parts gRPC | expected one of [append, client, http, fan-out, lines]",
                "--lines /nowhere | --lines is /nowhere, expected a file that can be read",
            })
    void refusesWrongOptionsOfWireBeforeItStartsAnything(String options, String error) {
        var outcome = Cli.run(("bench wire " + options).split(" ", -1));

        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains(error).doesNotContain("starting");
    }
}
