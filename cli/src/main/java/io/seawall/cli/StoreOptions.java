package io.seawall.cli;

import io.seawall.node.config.NodeConfig;
import io.seawall.node.segments.SegmentArchive;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of commands that work on a segment store themselves, whether a node or Kafka is there or not. */
final class StoreOptions {
    /** The checks ask for a Kafka; nothing connects to it. */
    private static final List<String> NO_KAFKA = List.of("kafka.bootstrap.servers=unused.invalid:9092");

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

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Whether a store was named; the command asks a node if not. */
    boolean given() {
        var named = root != null || config != null;
        if (named && spec.commandLine().getParseResult().hasMatchedOption("--url")) {
            throw usage("--url asks a node, --root and --config read the files: give one of them");
        }
        return named;
    }

    /** Opens the store that was named; environment variables SEAWALL_... count as they do for a node. */
    SegmentArchive open() {
        if (!given()) {
            throw usage("name the store with --root or --config");
        }
        return SegmentArchive.open(load(NO_KAFKA));
    }

    /** The log, where there is no doing without. */
    PChannel needed(@Nullable PChannel pchannel) {
        if (pchannel == null) {
            throw usage("a log is missing: <pchannel>, as in orders-3");
        }
        return pchannel;
    }

    ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** The folder of the spools: the one that was named, else the node's if a node's configuration was; else none. */
    Optional<Path> spool(@Nullable Path named) {
        if (named != null || config == null) {
            return Optional.ofNullable(named);
        }
        return Optional.of(load(NO_KAFKA).spoolDir());
    }

    /**
     * The configuration of a node that has this store and writes to a cluster.
     *
     * @param kafka its bootstrap servers; null for those of the configuration file
     * @param prefix the prefix of names in it; null for that of the configuration
     */
    NodeConfig loadWithKafka(@Nullable String kafka, @Nullable String prefix) {
        if (!given()) {
            throw usage("name the store with --root or --config");
        }
        if (kafka == null && config == null) {
            throw usage("name the cluster with --kafka or --config");
        }
        var more = new ArrayList<String>();
        if (kafka != null) {
            more.add("kafka.bootstrap.servers=" + kafka);
        }
        if (prefix != null) {
            more.add("prefix=" + prefix);
        }
        return load(more);
    }

    /** The configuration of a node that would have this store, with more settings over it. */
    NodeConfig load(List<String> more) {
        var all = new ArrayList<>(assignments);
        all.add("node.id=seawall-cli"); // asked for by the checks; a name for nothing but claims
        if (root != null) {
            all.add("segments.root=" + root);
        }
        all.addAll(more);
        return NodeConfig.load(config, System.getenv(), all);
    }
}
