package io.seawall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.node.segments.SegmentArchive.Swept;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds and deletes what dead processes left beside segments. */
@Command(
        name = "gc",
        description = {
            "Find what crashed processes left in a store and in its spool, and with --delete remove it.",
            "",
            "That is: temporary files of puts that were broken off or lost a race, files with which a store was tried, and "
                    + "spool folders whose lock is free. Never a segment. Nodes may go on working meanwhile."
        })
final class SegmentsGc implements Callable<Integer> {
    @Mixin
    private final OutputOptions output;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            defaultValue = "1h",
            converter = DurationConverter.class,
            description = "Leave alone what was written to since, as in 90s, 1h or 7d (default: 1h).")
    @SuppressWarnings("NullAway.Init") // picocli sets it: there is a default
    private Duration age;

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description = "The folder of the spools (default: that of --config; none with --root alone).")
    private @Nullable Path spool;

    @Option(names = "--delete", description = "Delete it; without, only tell.")
    private boolean delete;

    SegmentsGc(Stdio stdio) {
        this.output = new OutputOptions(stdio);
    }

    @Override
    public Integer call() {
        try (var archive = store.open()) {
            var swept = archive.sweep(output.now().minus(age), store.spool(spool), delete);
            output.report().rows(swept.stream().map(SegmentsGc::row).toList());
            var bytes = swept.stream().mapToLong(each -> each.orphan().bytes()).sum();
            var gone = swept.stream().filter(Swept::deleted).count();
            if (!output.json()) {
                output.stdio().println(summary(swept.size(), bytes, gone));
            }
            return delete && gone < swept.size() ? ExitCode.FAILED : ExitCode.OK;
        }
    }

    private String summary(int found, long bytes, long gone) {
        var what = "found " + found + (found == 1 ? " left-over" : " left-overs") + " with " + bytes + " bytes";
        if (found == 0) {
            return "nothing to clean up";
        }
        return delete ? what + ", deleted " + gone : what + "; --delete removes them";
    }

    private static JsonNode row(Swept swept) {
        return Json.object()
                .put("path", swept.orphan().path())
                .put("kind", swept.orphan().kind())
                .put("bytes", swept.orphan().bytes())
                .put("modified", swept.orphan().modified().toString())
                .put("deleted", swept.deleted());
    }
}
