package io.seawall.walkafka.internal.fake;

import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeaderCodec;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A lane on a {@link FakePartition}, with knobs for what can go wrong. For one thread. */
public final class FakeLane implements LaneProducer {
    private final FakePartition log;
    private final Lane lane;
    private final Deque<Runnable> heldAcks = new ArrayDeque<>();
    private final Deque<Runnable> heldCommits = new ArrayDeque<>();
    private final Deque<Runnable> heldMarkers = new ArrayDeque<>();

    private Predicate<Outgoing> refused = record -> false;
    private LaneFault.Kind refusal = LaneFault.Kind.UNAVAILABLE;
    private Runnable underWay = () -> {};
    private Runnable beforeCommit = () -> {};
    private Runnable afterCommit = () -> {};
    private boolean holdsAcks;
    private boolean holdsCommits;
    private boolean holdsMarkers;
    private boolean losesCommitAnswers;
    private boolean losesInitAnswers;
    private boolean doomed;
    private FakePartition.@Nullable Transaction open;
    private boolean refusesLater;
    private boolean lostTopic;
    private int sends;
    private int closes;

    FakeLane(FakePartition log, Lane lane) {
        this.log = log;
        this.lane = lane;
    }

    /** Sends of these fail on the way, without the transaction knowing, as when {@code send} throws. */
    public FakeLane refuses(Predicate<WalHeader> headers) {
        refused = record -> headers.test(WalHeaderCodec.read(record.wal()));
        return this;
    }

    /** Sends of records with this text as their value fail on the way. */
    public FakeLane refusesValue(String value) {
        refused = record -> Arrays.equals(record.data().value(), value.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** Sends of the record with an LSN fail on the way. */
    public FakeLane refusesLsn(long lsn) {
        return refuses(header -> header instanceof WalHeader.Data data && data.lsn() == lsn);
    }

    /** Refused sends fail when they are answered, as when a broker refuses them. */
    public FakeLane refusesLater() {
        refusesLater = true;
        return this;
    }

    /** What refused sends fail with. */
    public FakeLane refusesWith(LaneFault.Kind kind) {
        refusal = kind;
        return this;
    }

    /** Something that happens to each record on its way to the partition, before it arrives there. */
    public FakeLane underWay(Runnable event) {
        underWay = event;
        return this;
    }

    /** Acknowledgements wait for {@link #acknowledgeOne}. */
    public FakeLane holdsAcks() {
        holdsAcks = true;
        return this;
    }

    /** Commits wait for {@link #finishCommit}. */
    public FakeLane holdsCommits() {
        holdsCommits = true;
        return this;
    }

    /** Commits are answered, as Kafka answers them, before their markers are written: these wait for {@link #writeMarkers}. */
    public FakeLane holdsMarkers() {
        holdsMarkers = true;
        return this;
    }

    /** Commits happen, but say that they failed. */
    public FakeLane losesCommitAnswers() {
        losesCommitAnswers = true;
        return this;
    }

    /** Initializations happen, but say that they failed. */
    public FakeLane losesInitAnswers() {
        losesInitAnswers = true;
        return this;
    }

    /** Something that happens right before each commit. */
    public FakeLane beforeCommit(Runnable event) {
        beforeCommit = event;
        return this;
    }

    /** Something that happens right after each commit, before its answer. */
    public FakeLane afterCommit(Runnable event) {
        afterCommit = event;
        return this;
    }

    public void acknowledgeOne() {
        heldAcks.remove().run();
    }

    /** The newest before the older ones, as a new leader can that has a batch already. */
    public void acknowledgeLast() {
        heldAcks.removeLast().run();
    }

    public void acknowledgeAll() {
        while (!heldAcks.isEmpty()) {
            acknowledgeOne();
        }
    }

    public void finishCommit() {
        heldCommits.remove().run();
    }

    public void writeMarkers() {
        while (!heldMarkers.isEmpty()) {
            heldMarkers.remove().run();
        }
    }

    public int unacknowledged() {
        return heldAcks.size();
    }

    public boolean isCommitting() {
        return !heldCommits.isEmpty();
    }

    public int closes() {
        return closes;
    }

    /** How many records it was given. */
    public int sends() {
        return sends;
    }

    /** The brokers say that the topic is gone. */
    public void loseTopic() {
        lostTopic = true;
    }

    @Override
    public @Nullable LaneFault lostTopic() {
        return lostTopic ? fault(LaneFault.Kind.GONE) : null;
    }

    /** Somebody else initialized the lane. */
    void abandon() {
        writeMarkers();
        if (open != null) {
            log.end(open, false);
            open = null;
        }
    }

    @Override
    public CompletableFuture<Void> init() {
        log.initialize(lane, this);
        return losesInitAnswers
                ? CompletableFuture.failedFuture(fault(LaneFault.Kind.UNAVAILABLE))
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public void begin() {
        if (open != null) {
            throw new IllegalStateException("a transaction is open already");
        }
        open = new FakePartition.Transaction();
        doomed = false;
    }

    @Override
    public void send(Outgoing record, Acknowledged callback) {
        sends++;
        if (refused.test(record)) {
            var failure = fault(refusal);
            if (refusesLater) {
                answer(() -> callback.on(-1, failure));
            } else {
                callback.on(-1, failure);
            }
            return;
        }
        if (open == null || !log.isUser(lane, this) || closes > 0) {
            doomed = true;
            answer(() -> callback.on(-1, fault(LaneFault.Kind.FENCED)));
            return;
        }
        underWay.run();
        if (open == null) {
            answer(() -> callback.on(-1, fault(LaneFault.Kind.FENCED)));
            return;
        }
        var offset = log.append(open, record);
        answer(() -> callback.on(offset, null));
    }

    private void answer(Runnable answer) {
        if (holdsAcks) {
            heldAcks.add(answer);
        } else {
            answer.run();
        }
    }

    @Override
    public CompletableFuture<Void> commit() {
        beforeCommit.run();
        var result = new CompletableFuture<Void>();
        if (holdsCommits) {
            heldCommits.add(() -> commit(result));
        } else {
            commit(result);
        }
        return result;
    }

    private void commit(CompletableFuture<Void> result) {
        if (open == null || doomed || !log.isUser(lane, this)) {
            result.completeExceptionally(fault(LaneFault.Kind.FENCED));
            return;
        }
        var committed = open;
        heldMarkers.add(() -> log.end(committed, true));
        open = null;
        if (!holdsMarkers) {
            writeMarkers();
        }
        afterCommit.run();
        if (losesCommitAnswers) {
            result.completeExceptionally(fault(LaneFault.Kind.UNAVAILABLE));
        } else {
            result.complete(null);
        }
    }

    @Override
    public void close() {
        closes++;
    }

    private static LaneFault fault(LaneFault.Kind kind) {
        return new LaneFault(kind, new IllegalStateException("planted"));
    }
}
