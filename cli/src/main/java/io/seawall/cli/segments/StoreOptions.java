package io.seawall.cli.segments;

import io.seawall.cli.command.SettingConverter;
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

/** The options of commands that work directly on a segment store, without a node or Kafka. */
final class StoreOptions {
    /** The configuration requires the address of a Kafka cluster; nothing connects to it. */
    private static final List<String> NO_KAFKA = List.of("kafka.bootstrap.servers=unused.invalid:9092");

    @Option(
            names = "--root",
            paramLabel = "ROOT",
            description = "The segment store, in the form of a node's segments.root.")
    private @Nullable String root;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A node's properties file, for segments.root and the keys that belong to it.")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            converter = SettingConverter.class,
            description = "One setting of a node; may be given more than once.")
    private List<String> assignments = List.of();

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Returns whether a store was given; otherwise the command asks a node. */
    boolean given() {
        var named = root != null || config != null;
        if (named && spec.commandLine().getParseResult().hasMatchedOption("--url")) {
            throw usage("--url asks a node, --root and --config read the files: use only one");
        }
        return named;
    }

    /** Opens the given store; environment variables SEAWALL_... apply as for a node. */
    SegmentArchive open() {
        if (!given()) {
            throw usage("set the store with --root or --config");
        }
        return SegmentArchive.open(load(NO_KAFKA));
    }

    /** Returns the log; fails if it is missing. */
    PChannel needed(@Nullable PChannel pchannel) {
        if (pchannel == null) {
            throw usage("a log is missing: <pchannel>, as in orders-3");
        }
        return pchannel;
    }

    ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Returns the folder of the spools: the given one, else the node's if a node's configuration was given, else none. */
    Optional<Path> spool(@Nullable Path named) {
        if (named != null || config == null) {
            return Optional.ofNullable(named);
        }
        return Optional.of(load(NO_KAFKA).spoolDir());
    }

    /**
     * Returns the configuration of a node that has this store and writes to a cluster.
     *
     * @param kafka the cluster's bootstrap servers; null for those of the configuration file
     * @param prefix the prefix of names in the cluster; null for that of the configuration
     */
    NodeConfig loadWithKafka(@Nullable String kafka, @Nullable String prefix) {
        if (!given()) {
            throw usage("set the store with --root or --config");
        }
        if (kafka == null && config == null) {
            throw usage("set the cluster with --kafka or --config");
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

    /** Returns the configuration of a node that has this store, overridden by more settings. */
    NodeConfig load(List<String> more) {
        var all = new ArrayList<>(assignments);
        all.add("node.id=seawall-cli"); // required by the configuration; only claims contain this name
        if (root != null) {
            all.add("segments.root=" + root);
        }
        all.addAll(more);
        return NodeConfig.load(config, System.getenv(), all);
    }
}
