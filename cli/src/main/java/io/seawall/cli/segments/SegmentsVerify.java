package io.seawall.cli.segments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import io.seawall.node.segments.SegmentArchive;
import io.seawall.wal.PChannel;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies the segments of logs. */
@Command(
        name = "verify",
        description =
                "Read every segment of a log and check its checksum, its records, and that it starts where the one before ends. "
                        + "Exits with 1 if anything is wrong.")
public final class SegmentsVerify implements Callable<Integer> {
    private static final Duration ANSWER_TIMEOUT = Duration.ofHours(1);

    @Mixin
    private final NodeOptions node;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(names = "--all", description = "Verify every log that has segments; one result per line.")
    private boolean all;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<pchannel>",
            converter = PChannelArgument.Converter.class,
            description = "The log: <topic>-<partition>, as in orders-3.")
    private @Nullable PChannel pchannel;

    private long records;
    private long bytes;

    public SegmentsVerify(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        if (all && pchannel != null) {
            throw store.usage("--all means every log: omit " + pchannel);
        }
        if (!store.given()) {
            return run(this::logsOfNode, this::verifyOnNode);
        }
        try (var archive = store.open()) {
            return run(archive::pchannels, log -> verify(archive, log));
        }
    }

    private int run(Supplier<List<PChannel>> logs, Function<PChannel, JsonNode> verify) {
        if (!all) {
            var verdict = verified(store.needed(pchannel), verify);
            node.report().object(verdict);
            return isSound(verdict) ? ExitCode.OK : ExitCode.FAILED;
        }
        var verdicts = logs.get().stream()
                .map(log -> named(log, verified(log, verify)))
                .toList();
        node.report().rows(verdicts);
        return verdicts.stream().allMatch(SegmentsVerify::isSound) ? ExitCode.OK : ExitCode.FAILED;
    }

    private JsonNode verified(PChannel log, Function<PChannel, JsonNode> verify) {
        node.progress(false).waitingFor("the segments of " + log + " to be read");
        return verify.apply(log);
    }

    private static JsonNode named(PChannel log, JsonNode verdict) {
        return Json.object().put("pchannel", log.toString()).setAll((ObjectNode) verdict);
    }

    private static boolean isSound(JsonNode verdict) {
        return verdict.path("ok").asBoolean(true) && verdict.path("errors").isEmpty();
    }

    private JsonNode verify(SegmentArchive archive, PChannel log) {
        var progress = node.progress(false);
        try {
            return StoreSegmentJson.of(archive.verify(log, segment -> {
                records += segment.records();
                bytes += segment.bytes();
                progress.at(records, bytes);
            }));
        } finally {
            progress.end();
        }
    }

    private List<PChannel> logsOfNode() {
        return Json.items(node.client().get("/v1/pchannels"), "pchannels").stream()
                .map(log -> PChannel.parse(log.path("pchannel").asText()))
                .toList();
    }

    private JsonNode verifyOnNode(PChannel log) {
        var client = node.client();
        var target = client.uri(PChannelArgument.path(log) + "/segments/verify");
        return client.post(target, BodyPublishers.noBody(), ANSWER_TIMEOUT).body();
    }
}
