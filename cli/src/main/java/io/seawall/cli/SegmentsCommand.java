package io.seawall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks at the segments of a log. The work is done by its two subcommands. */
@Command(name = "segments", description = "List or verify the segment files of a log.")
final class SegmentsCommand {
    /** Lists them. */
    @Command(name = "ls", description = "List the segments of a log, oldest first.")
    static final class Ls implements Callable<Integer> {
        private static final int PAGE_SEGMENTS = 10_000;

        @Mixin
        private final NodeOptions node;

        @Mixin
        private final PChannelArgument pchannel = new PChannelArgument();

        Ls(Stdio stdio) {
            this.node = new NodeOptions(stdio);
        }

        @Override
        public Integer call() {
            var client = node.client();
            var all = new ArrayList<JsonNode>();
            List<JsonNode> page;
            var from = 0L;
            do {
                var path = pchannel.path("/segments?from=" + from + "&limit=" + PAGE_SEGMENTS);
                page = Json.items(client.get(path), "segments");
                all.addAll(page);
                from = page.isEmpty()
                        ? from
                        : page.get(page.size() - 1).path("last").asLong() + 1;
            } while (page.size() == PAGE_SEGMENTS);
            node.report().rows(all);
            return 0;
        }
    }

    /** Verifies them. */
    @Command(
            name = "verify",
            description =
                    "Read every segment of a log: checksums, and that each starts where the one before ends. Exits "
                            + "with 1 if anything is wrong.")
    static final class Verify implements Callable<Integer> {
        private static final Duration PATIENCE = Duration.ofHours(1);

        @Mixin
        private final NodeOptions node;

        @Mixin
        private final PChannelArgument pchannel = new PChannelArgument();

        Verify(Stdio stdio) {
            this.node = new NodeOptions(stdio);
        }

        @Override
        public Integer call() {
            node.progress(false).waitingFor("the segments of " + pchannel.value() + " to be read");
            var client = node.client();
            var target = client.uri(pchannel.path("/segments/verify"));
            var body = client.post(target, BodyPublishers.noBody(), PATIENCE).body();
            node.report().object(body);
            return isSound(body) ? 0 : 1;
        }

        private static boolean isSound(JsonNode verdict) {
            return verdict.path("ok").asBoolean(true) && verdict.path("errors").isEmpty();
        }
    }
}
