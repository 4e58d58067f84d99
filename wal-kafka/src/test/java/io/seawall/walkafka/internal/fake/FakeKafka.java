package io.seawall.walkafka.internal.fake;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.internal.format.TopicRules;
import io.seawall.walkafka.internal.open.FlushOffsetCounts;
import io.seawall.walkafka.internal.open.RollPace;
import io.seawall.walkafka.internal.open.TermOpening;
import io.seawall.walkafka.internal.open.TimestampLeads;
import io.seawall.walkafka.internal.open.WalContext;
import io.seawall.walkafka.internal.read.KafkaReaders;
import io.seawall.walkafka.internal.scan.LsnIndexes;
import io.seawall.walkafka.internal.scan.Owners;
import io.seawall.walkafka.internal.write.KafkaWal;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.LogTrimmer;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.port.TopicAdmin;
import io.seawall.walkafka.port.Workers;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** All ports on one {@link FakePartition}, and the logs and readers on them, with knobs for faults. Used by one thread. */
public final class FakeKafka {
    public static final PChannel PCHANNEL = new PChannel("orders", 0);

    private final ManualTime time = new ManualTime();
    private final FakePartition log = new FakePartition(time);
    private final List<FakeLane> lanes = new ArrayList<>();
    private final List<FakePartition.FakeCursor> cursors = new ArrayList<>();
    private final Deque<UnaryOperator<FakeLane>> nextLane = new ArrayDeque<>();
    private LsnIndexes indexes = new LsnIndexes();
    private Owners owners = new Owners();
    private final TimestampLeads leads = new TimestampLeads();
    private final Random random = new Random(7);
    private UnaryOperator<FakeLane> everyLane = lane -> lane;
    private Workers workers = Runnable::run;
    private WalSettings settings;
    private String topicId = "id-1";
    private UnaryOperator<FakePartition.FakeCursor> everyCursor = cursor -> cursor;
    private TopicAdmin topics = topic -> CompletableFuture.completedFuture(facts());
    private final FakeFlushOffsets flushOffsets = new FakeFlushOffsets(log);
    private LogTrimmer trimmer = (pchannel, offset) -> log().trim(offset);

    public FakeKafka() {
        this(WalSettings.defaults());
    }

    public FakeKafka(WalSettings settings) {
        this.settings = settings;
    }

    public ManualTime time() {
        return time;
    }

    public FakePartition log() {
        return log;
    }

    /** Returns the lanes since the last opening, in the order of creation: A, B, then A, B of each further attempt and recovery. */
    public List<FakeLane> lanes() {
        return lanes;
    }

    /** Returns the cursors of openings and readers, in the order of creation. */
    public List<FakePartition.FakeCursor> cursors() {
        return cursors;
    }

    /** Returns the offsets of the flusher's group. */
    public FakeFlushOffsets flushOffsets() {
        return flushOffsets;
    }

    public WalSettings settings() {
        return settings;
    }

    /** Sets the settings of later openings. */
    public FakeKafka with(WalSettings changed) {
        settings = changed;
        return this;
    }

    /** Applies a fault to the next lane. Repeated calls apply to the lanes after it, in order. */
    public FakeKafka nextLane(UnaryOperator<FakeLane> fault) {
        nextLane.add(fault);
        return this;
    }

    /** Applies a fault to every later lane. */
    public FakeKafka everyLane(UnaryOperator<FakeLane> fault) {
        everyLane = fault;
        return this;
    }

    /** Applies a fault to every later cursor. */
    public FakeKafka everyCursor(UnaryOperator<FakePartition.FakeCursor> fault) {
        everyCursor = fault;
        return this;
    }

    /** Gives the topic another id, as if it was created again. Its log stays. */
    public FakeKafka withTopicId(String id) {
        topicId = id;
        return this;
    }

    /** Makes later openings those of another process, which does not know the records of this one. */
    public FakeKafka inAnotherProcess() {
        indexes = new LsnIndexes();
        owners = new Owners();
        return this;
    }

    /** Replaces the descriptions of topics. */
    public FakeKafka withTopics(TopicAdmin other) {
        topics = other;
        return this;
    }

    /** Puts the tasks of the pools into a queue, which the test runs. */
    public FakeKafka runningOn(Queue<Runnable> pool) {
        workers = pool::add;
        return this;
    }

    /** Replaces the deletion of records. */
    public FakeKafka withTrimmer(LogTrimmer other) {
        trimmer = other;
        return this;
    }

    /** Returns the description of a topic with safe settings. */
    public TopicAdmin.Facts facts() {
        return new TopicAdmin.Facts(topicId, 1, 3, TopicRules.required(settings, 3));
    }

    /** Returns the ports. Knobs that are turned later still take effect. */
    public Ports ports() {
        LogCursors opened = (pchannel, isolation) -> {
            var cursor = everyCursor.apply(log.cursor(isolation));
            cursors.add(cursor);
            return cursor;
        };
        return new Ports(
                (pchannel, lane) -> {
                    var fault = nextLane.isEmpty() ? everyLane : nextLane.remove();
                    var made = fault.apply(log.lane(lane));
                    lanes.add(made);
                    return made;
                },
                opened,
                opened,
                topic -> topics.describe(topic),
                (pchannel, offset) -> trimmer.deleteBelow(pchannel, offset),
                flushOffsets,
                new Ports.Platform(time, random, workers, workers));
    }

    public WalContext shared() {
        return new WalContext(
                settings,
                NodeIdentity.withoutUrl("n1"),
                true,
                ports(),
                new FlushOffsetCounts(),
                indexes,
                owners,
                leads,
                new RollPace(settings.lease()));
    }

    /** Returns how far logs are ahead of the clock. */
    public TimestampLeads leads() {
        return leads;
    }

    public KafkaReaders readers() {
        var ports = ports();
        return new KafkaReaders(ports.readerCursors(), ports.topics(), time, indexes, owners);
    }

    /** Returns an opening that has not started yet. */
    public TermOpening opening(long term) {
        lanes.clear();
        return opening(PCHANNEL, term, shared());
    }

    /** Returns an opening of any log that has not started yet. */
    public static TermOpening opening(PChannel pchannel, long term, WalContext shared) {
        return new TermOpening(pchannel, term, shared, (opened, claimant) -> new KafkaWal(opened, shared, claimant));
    }

    /** Opens the log, which must succeed at once. */
    public KafkaWal open(long term) {
        var opening = opening(term);
        opening.start();
        return (KafkaWal) opening.wal().join();
    }
}
