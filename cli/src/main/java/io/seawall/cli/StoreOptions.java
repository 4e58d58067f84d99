package io.seawall.cli;

import io.seawall.node.config.NodeConfig;
import io.seawall.node.segments.SegmentArchive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that work on a segment store themselves, whether a node or Kafka is there or not. */
final class StoreOptions {
    @Option(names = "--root", paramLabel = "ROOT", description = "The segment store: what segments.root is on a node.")
    private @Nullable String root;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A node's properties file, for segments.root and all that belongs to it.")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting of a node; may be given more than once.")
    private List<String> assignments = List.of();

    /** Whether a store was named. */
    boolean given() {
        return root != null || config != null;
    }

    /** Opens the store that was named; environment variables SEAWALL_... count as they do for a node. */
    SegmentArchive open() {
        return SegmentArchive.open(load(List.of()));
    }

    /** The folder of the spools: the one that was named, else the node's if a node's configuration was; else none. */
    Optional<Path> spool(@Nullable Path named) {
        if (named != null || config == null) {
            return Optional.ofNullable(named);
        }
        return Optional.of(load(List.of()).spoolDir());
    }

    /** The configuration of a node that would have this store, with more settings over it. */
    NodeConfig load(List<String> more) {
        var all = new ArrayList<>(assignments);
        all.add("node.id=seawall-cli"); // asked for by the checks, used for nothing
        if (root != null) {
            all.add("segments.root=" + root);
        }
        all.addAll(more);
        return NodeConfig.load(config, System.getenv(), all);
    }
}
