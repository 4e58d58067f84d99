package io.seawall.node;

import io.seawall.node.config.NodeConfig;
import io.seawall.node.ports.Flushes.Segment;
import io.seawall.node.segments.SegmentArchive;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRestorer;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.LogHolder;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.admin.Topics;
import io.seawall.walkafka.settings.NodeIdentity;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Restores a log from its segments into a topic that has no records of it: a new one, or one in another cluster or under another
 * prefix. Runs in a process of its own; no other process should have the log open meanwhile.
 */
public final class LogRestore {
    private final SegmentArchive archive;
    private final Topics topics;
    private final Function<PChannel, Optional<LogHolder>> holderOf;
    private final WalRestorer restorer;

    LogRestore(
            SegmentArchive archive,
            Topics topics,
            Function<PChannel, Optional<LogHolder>> holderOf,
            WalRestorer restorer) {
        this.archive = archive;
        this.topics = topics;
        this.holderOf = holderOf;
        this.restorer = restorer;
    }

    /**
     * What to restore, and where.
     *
     * @param source the log whose segments are read
     * @param from the first LSN; empty for the oldest record in a segment
     * @param target the log to create; if its topic does not exist, it gets as many pchannels as the source has in the store
     * @param term the term to write at; empty for one above all terms that the segments and the target have seen
     * @param replicationFactor of the target's topic, if it does not exist; empty for the smaller of 3 and the number of brokers
     */
    public record Task(
            PChannel source, OptionalLong from, PChannel target, OptionalLong term, OptionalInt replicationFactor) {}

    /**
     * What was restored.
     *
     * @param pchannel the log
     * @param term the term that it was written at; the next owner needs a higher one
     * @param first its oldest LSN
     * @param tail the LSN that its next record gets
     */
    public record Restored(PChannel pchannel, long term, long first, long tail) {}

    /**
     * Restores a log with the store and the Kafka cluster of a configuration. Blocks until all of it is committed.
     *
     * @param config of a node that would flush to this store and write to this Kafka cluster
     * @param task what to restore
     * @param each called with each record before it is sent to Kafka
     * @return what was restored
     * @throws io.seawall.wal.WalException as {@link WalRestorer#restore} and {@link SegmentArchive#read} do
     */
    public static Restored run(NodeConfig config, Task task, Consumer<LogRecord> each) {
        var identity = new NodeIdentity(config.nodeId(), () -> null);
        try (var archive = SegmentArchive.open(config);
                var wals = KafkaWals.connect(WalConfig.connection(config), WalConfig.settings(config), identity)) {
            wals.topics().verifyCluster();
            var restore = new LogRestore(archive, wals.topics(), wals::holder, wals.restorer());
            return restore.run(task, each);
        }
    }

    Restored run(Task task, Consumer<LogRecord> each) {
        try (var records = archive.records(task.source(), task.from(), OptionalLong.empty())) {
            var highest = archive.list(task.source()).stream()
                    .map(Segment::terms)
                    .mapToLong(terms -> terms.max())
                    .max()
                    .orElse(-1);
            createTopic(task);
            var term = task.term().orElseGet(() -> Math.max(highest, highestTermOf(task.target())) + 1);
            var tail = restorer.restore(task.target(), term, records.firstLsn(), reporting(records, each));
            return new Restored(task.target(), term, records.firstLsn(), tail);
        }
    }

    private long highestTermOf(PChannel target) {
        return holderOf.apply(target).map(LogHolder::term).orElse(-1L);
    }

    private void createTopic(Task task) {
        var topic = task.target().topic();
        var known = topics.describeNow(topic);
        if (known.isEmpty()) {
            var highest = archive.pchannels().stream()
                    .filter(log -> log.topic().equals(task.source().topic()))
                    .mapToInt(PChannel::partition)
                    .max()
                    .orElse(0);
            var count = Math.max(highest, task.target().partition()) + 1;
            topics.create(new TopicSpec(topic, count, task.replicationFactor(), TopicSpec.NO_COMPRESSION));
        } else if (known.get().pchannels() <= task.target().partition()) {
            throw Problem.of(ErrorCode.INVALID, "restore into " + task.target())
                    .pchannel(task.target())
                    .found("topic " + topic + " with " + known.get().pchannels() + " pchannels")
                    .fix("name another topic, or make it grow first")
                    .exception();
        }
    }

    private static Iterator<LogRecord> reporting(Iterator<LogRecord> records, Consumer<LogRecord> each) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return records.hasNext();
            }

            @Override
            public LogRecord next() {
                var record = records.next();
                each.accept(record);
                return record;
            }
        };
    }
}
