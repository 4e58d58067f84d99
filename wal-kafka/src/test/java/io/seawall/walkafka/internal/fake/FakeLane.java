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

/** A lane on a {@link FakePartition}, with knobs for faults. Used by one thread. */
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

    /** Makes sends of these records fail before they reach the partition or the transaction, as when {@code send} throws. */
    public FakeLane refuses(Predicate<WalHeader> headers) {
        refused = record -> headers.test(WalHeaderCodec.read(record.wal()));
        return this;
    }

    /** Makes sends of records with this value fail in the same way. */
    public FakeLane refusesValue(String value) {
        refused = record -> Arrays.equals(record.data().value(), value.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** Makes sends of the record with an LSN fail in the same way. */
    public FakeLane refusesLsn(long lsn) {
        return refuses(header -> header instanceof WalHeader.Data data && data.lsn() == lsn);
    }

    /** Makes refused sends fail when they are answered, as when a broker refuses them. */
    public FakeLane refusesLater() {
        refusesLater = true;
        return this;
    }

    /** Sets the kind of fault of refused sends. */
    public FakeLane refusesWith(LaneFault.Kind kind) {
        refusal = kind;
        return this;
    }

    /** Sets an event that happens in each send, before the record reaches the partition. */
    public FakeLane underWay(Runnable event) {
        underWay = event;
        return this;
    }

    /** Holds acknowledgements until {@link #acknowledgeOne}. */
    public FakeLane holdsAcks() {
        holdsAcks = true;
        return this;
    }

    /** Holds commits until {@link #finishCommit}. */
    public FakeLane holdsCommits() {
        holdsCommits = true;
        return this;
    }

    /** Answers commits, as Kafka does, before their markers are written, and holds the markers until {@link #writeMarkers}. */
    public FakeLane holdsMarkers() {
        holdsMarkers = true;
        return this;
    }

    /** Makes commits succeed but report a failure. */
    public FakeLane losesCommitAnswers() {
        losesCommitAnswers = true;
        return this;
    }

    /** Makes initializations succeed but report a failure. */
    public FakeLane losesInitAnswers() {
        losesInitAnswers = true;
        return this;
    }

    /** Sets an event that happens right before each commit. */
    public FakeLane beforeCommit(Runnable event) {
        beforeCommit = event;
        return this;
    }

    /** Sets an event that happens right after each commit, before its answer. */
    public FakeLane afterCommit(Runnable event) {
        afterCommit = event;
        return this;
    }

    public void acknowledgeOne() {
        heldAcks.remove().run();
    }

    /** Acknowledges the newest record before the older ones, as a new leader does that has this batch already. */
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

    /** Returns how many records were sent. */
    public int sends() {
        return sends;
    }

    /** Makes {@link #lostTopic} report that the topic is gone. */
    public void loseTopic() {
        lostTopic = true;
    }

    @Override
    public @Nullable LaneFault lostTopic() {
        return lostTopic ? fault(LaneFault.Kind.GONE) : null;
    }

    /** Aborts the open transaction, since another producer initialized the lane. */
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
