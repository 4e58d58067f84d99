package io.seawall.cli.segments;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.client.NodeOptions;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists segments. */
@Command(
        name = "ls",
        description = {
            "List the segments of a log, oldest first.",
            "",
            "With --root or --config and without a log, list the logs that have segments."
        })
public final class SegmentsLs implements Callable<Integer> {
    private static final int PAGE_SEGMENTS = 10_000;

    @Mixin
    private final NodeOptions node;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<pchannel>",
            converter = PChannelArgument.Converter.class,
            description = "The log: <topic>-<partition>, as in orders-3.")
    private @Nullable PChannel pchannel;

    public SegmentsLs(Stdio stdio) {
        this.node = new NodeOptions(stdio);
    }

    @Override
    public Integer call() {
        node.report().rows(store.given() ? ofStore() : ofNode(store.needed(pchannel)));
        return 0;
    }

    private List<JsonNode> ofStore() {
        try (var archive = store.open()) {
            var log = pchannel;
            var rows = new ArrayList<JsonNode>();
            if (log == null) {
                archive.pchannels().forEach(each -> rows.add(Json.object().put("pchannel", each.toString())));
            } else {
                archive.list(log).forEach(each -> rows.add(StoreSegmentJson.of(each)));
            }
            return rows;
        }
    }

    private List<JsonNode> ofNode(PChannel log) {
        var client = node.client();
        var all = new ArrayList<JsonNode>();
        List<JsonNode> page;
        var from = 0L;
        do {
            var path = PChannelArgument.path(log) + "/segments?from=" + from + "&limit=" + PAGE_SEGMENTS;
            page = Json.items(client.get(path), "segments");
            all.addAll(page);
            from = page.isEmpty()
                    ? from
                    : page.get(page.size() - 1).path("last").asLong() + 1;
        } while (page.size() == PAGE_SEGMENTS);
        return all;
    }
}
