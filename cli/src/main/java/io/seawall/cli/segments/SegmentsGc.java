package io.seawall.cli.segments;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.command.DurationConverter;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.OutputOptions;
import io.seawall.cli.command.Stdio;
import io.seawall.node.segments.SegmentArchive.Swept;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds and deletes the files that dead processes left beside segments. */
@Command(
        name = "gc",
        description = {
            "Find the files that crashed processes left in a store and in its spool, and delete them with --delete.",
            "",
            "These are temporary files of puts that were interrupted or lost a race, files that probed a store, and "
                    + "spool folders whose lock is free; never a segment. Nodes may keep working meanwhile."
        })
public final class SegmentsGc implements Callable<Integer> {
    @Mixin
    private final OutputOptions output;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            defaultValue = "1h",
            converter = DurationConverter.class,
            description = "Only files that were not written to for this long, as in 90s, 1h or 7d (default: 1h).")
    @SuppressWarnings("NullAway.Init") // picocli sets it: there is a default
    private Duration age;

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description = "The folder of the spools (default: that of --config; none with --root alone).")
    private @Nullable Path spool;

    @Option(names = "--delete", description = "Delete the files instead of only listing them.")
    private boolean delete;

    public SegmentsGc(Stdio stdio) {
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
