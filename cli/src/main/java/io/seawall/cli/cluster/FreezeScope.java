package io.seawall.cli.cluster;

import io.seawall.cli.client.NodeArgument;
import io.seawall.cli.client.PChannelArgument;
import io.seawall.wal.PChannel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say what a freeze is about. */
final class FreezeScope {
    @ArgGroup
    private @Nullable Part part;

    /** What is not everything. */
    static final class Part {
        @Option(
                names = "--node",
                required = true,
                paramLabel = "N",
                converter = NodeArgument.Converter.class,
                description = "Only moves to and from this node.")
        private @Nullable String node;

        @Option(
                names = "--log",
                required = true,
                paramLabel = "P",
                converter = PChannelArgument.Converter.class,
                description = "Only moves of this log.")
        private @Nullable PChannel log;
    }

    String path() {
        var chosen = part;
        if (chosen != null && chosen.node != null) {
            return NodeArgument.path(chosen.node) + "/freeze";
        }
        return chosen != null && chosen.log != null
                ? PChannelArgument.path(chosen.log) + "/freeze"
                : "/v1/cluster/freeze";
    }

    /** Returns the moves that it is about, for people. */
    String moves() {
        var chosen = part;
        if (chosen != null && chosen.node != null) {
            return "moves to and from " + chosen.node;
        }
        return chosen != null && chosen.log != null ? "moves of " + chosen.log : "all moves";
    }
}
