package io.seawall.cli.segments;

import io.seawall.cli.client.PChannelArgument;
import io.seawall.cli.client.TopicArgument;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.OutputOptions;
import io.seawall.cli.command.Stdio;
import io.seawall.node.LogRestore;
import io.seawall.node.LogRestore.Restored;
import io.seawall.node.LogRestore.Task;
import io.seawall.wal.PChannel;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Restores a log from its segments. */
@Command(
        name = "restore",
        description = {
            "Write the records of a log's segments to an empty log, at the same LSNs and terms.",
            "",
            "Creates the topic if it does not exist. First stop the nodes that serve the target, so that they do not open "
                    + "it before it is restored. A failed restore leaves a log that cannot be opened: delete its topic and start again. "
                    + "Records that were in no segment are not restored, nor are writer sessions. The old segments "
                    + "belong to the old log: a node that flushes the restored one under the same name needs another "
                    + "segments.root, or an empty folder of that topic."
        })
public final class SegmentsRestore implements Callable<Integer> {
    @Mixin
    private final OutputOptions output;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Mixin
    private final PChannelArgument pchannel = new PChannelArgument();

    @Option(
            names = "--kafka",
            paramLabel = "BOOTSTRAP",
            description = "The cluster to restore into (default: that of --config).")
    private @Nullable String kafka;

    @Option(
            names = "--prefix",
            paramLabel = "P",
            description = "The prefix of the names in Kafka (default: that of --config, else seawall-).")
    private @Nullable String prefix;

    @Option(
            names = "--topic",
            paramLabel = "NEW",
            converter = TopicArgument.Converter.class,
            description = "The topic to restore into (default: that of the log); the partition stays the same.")
    private @Nullable String topic;

    @Option(names = "--from", paramLabel = "LSN", description = "The first record (default: the oldest in a segment).")
    private @Nullable Long from;

    @Option(
            names = "--term",
            paramLabel = "TERM",
            description = "The term to write at (default: one above all terms in the segments and the target).")
    private @Nullable Long term;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            description =
                    "Replicas in Kafka of a topic that is created (default: 3, or the number of brokers if that is less).")
    private @Nullable Integer replicationFactor;

    private long records;
    private long bytes;

    public SegmentsRestore(Stdio stdio) {
        this.output = new OutputOptions(stdio);
    }

    @Override
    public Integer call() {
        var progress = output.progress(false);
        try {
            var restored = LogRestore.run(store.loadWithKafka(kafka, prefix), task(), record -> {
                records++;
                bytes += record.data().sizeBytes();
                progress.at(records, bytes);
            });
            progress.end();
            report(restored);
            return ExitCode.OK;
        } finally {
            progress.end();
        }
    }

    private Task task() {
        var source = pchannel.value();
        var target = topic == null ? source : new PChannel(topic, source.partition());
        var replicas = replicationFactor == null ? OptionalInt.empty() : OptionalInt.of(replicationFactor);
        return new Task(source, optional(from), target, optional(term), replicas);
    }

    private void report(Restored restored) {
        output.report()
                .object(Json.object()
                        .put("pchannel", restored.pchannel().toString())
                        .put("term", restored.term())
                        .put("oldest", restored.first())
                        .put("tail", restored.tail())
                        .put("records", records)
                        .put("bytes", bytes));
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
