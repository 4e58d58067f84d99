package io.seawall.kafkasim;

import io.seawall.kafkasim.Answer.Code;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One partition with its replicas: a leader, followers that lag slightly, and for a while after a change of leaders the deposed
 * leader, which does not know of the change and answers consumers up to its old high watermark.
 *
 * <p>Every in-sync replica has the records below the high watermark; they are never lost, except by {@link #loseEnd}.
 */
public final class SimPartition {
    private static final long RETRY_US = 20_000;
    private static final int RETRIES = 5;

    private final String name;
    private final EventLoop loop;
    private final Faults faults;
    private final Trace trace;
    private final Map<String, TxnCoordinator> coordinators;
    private final PartitionLog log = new PartitionLog();
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<Long, Object> guards = new HashMap<>();
    private final Map<Long, Enlisting> enlisting = new HashMap<>();
    private int leaderEpoch;
    private long highWatermark; // as the leader knows it
    private long durable; // its maximum so far
    private long epochStart; // the log's end when the leader took over; a new leader reports no end below it
    private long electedAtUs;
    private long stalledUntilUs;
    private @Nullable ReplicaView deposed;
    private long deposedUntilUs;
    private long flushOffset = -1;
    private boolean deleted;
    private @Nullable SimPartition replacement;
    private Predicate<Outgoing> refused = record -> false;
    private boolean refusedForGood;
    private int maxMessageBytes = Integer.MAX_VALUE;

    /** A caller that waits until every in-sync replica has an offset. */
    private record Waiting(long end, long offset, Consumer<Answer> answer) {}

    SimPartition(String name, EventLoop loop, Faults faults, Trace trace, Map<String, TxnCoordinator> coordinators) {
        this.name = name;
        this.loop = loop;
        this.faults = faults;
        this.trace = trace;
        this.coordinators = coordinators;
    }

    /** A first batch whose coordinator is being asked. */
    private static final class Enlisting {
        private boolean sentAway;
    }

    /** A producer's batch in flight. */
    record Produce(String transactionalId, ProducerIdentity producer, int sequence, List<Outgoing> records) {
        int sizeBytes() {
            return records.stream()
                    .mapToInt(record -> record.wal().length + record.data().sizeBytes())
                    .sum();
        }
    }

    /** Handles a producer's batch, with a leader's checks in their order. */
    void produce(Produce batch, Consumer<Answer> answer) {
        produce(batch, answer, RETRIES);
    }

    private void produce(Produce batch, Consumer<Answer> answer, int retries) {
        var refusal = unavailable();
        if (refusal != null) {
            answer.accept(Answer.error(refusal));
        } else if (log.producers().isStale(batch.producer())) {
            answer.accept(Answer.error(Code.INVALID_PRODUCER_EPOCH));
        } else if (log.producers().hasOpenTransaction(batch.producer())) {
            append(batch, null, answer);
        } else {
            enlist(batch, answer, retries);
        }
    }

    private @Nullable Code unavailable() {
        if (deleted) {
            return Code.UNKNOWN_TOPIC;
        }
        return loop.nowUs() < electedAtUs ? Code.NOT_LEADER : null;
    }

    /**
     * Handles the first batch of a transaction: the coordinator has to agree, and nothing may have ended the transaction
     * meanwhile.
     */
    private void enlist(Produce batch, Consumer<Answer> answer, int retries) {
        var id = batch.producer().id();
        var before = enlisting.get(id);
        if (before != null && faults.random().nextInt(3) == 0) {
            before.sentAway = true; // two first batches collide in the leader's queue: the earlier one fails
        }
        var own = new Enlisting();
        enlisting.put(id, own);
        var guard = guards.computeIfAbsent(id, key -> new Object());
        var epochThen = leaderEpoch;
        var coordinator = coordinators.get(batch.transactionalId());
        if (coordinator == null) {
            enlisting.remove(id);
            answer.accept(Answer.error(Code.INVALID_PRODUCER_ID_MAPPING));
            return;
        }
        loop.after(
                faults.travelUs(),
                () -> coordinator.enlist(
                        batch.producer(),
                        this,
                        said -> loop.after(faults.travelUs(), () -> {
                            enlisting.remove(id, own);
                            if (own.sentAway) {
                                answer.accept(Answer.error(Code.NOT_ENOUGH_REPLICAS));
                            } else if (leaderEpoch != epochThen) {
                                answer.accept(Answer.error(Code.NOT_LEADER));
                            } else if (said.code() == Code.OK) {
                                append(batch, guard, answer);
                            } else if (said.code() == Code.CONCURRENT_TRANSACTIONS && retries > 0) {
                                loop.after(RETRY_US, () -> produce(batch, answer, retries - 1));
                            } else {
                                answer.accept(Answer.error(
                                        said.code() == Code.PRODUCER_FENCED
                                                ? Code.INVALID_PRODUCER_EPOCH
                                                : said.code()));
                            }
                        })));
    }

    private void append(Produce batch, @Nullable Object guard, Consumer<Answer> answer) {
        var repeated = log.producers()
                .duplicated(batch.producer(), batch.sequence(), batch.records().size());
        if (repeated != null) {
            awaitReplicas(repeated.endOffset(), repeated.baseOffset(), answer);
            return;
        }
        var refusal = refusal(batch, guard);
        if (refusal != Code.OK) {
            trace.add(() -> name + " refuses " + batch.producer() + " seq " + batch.sequence() + ": " + refusal);
            answer.accept(Answer.error(refusal));
            return;
        }
        var appended = LogBatch.of(log.end(), batch.producer(), batch.sequence(), batch.records());
        log.append(appended);
        trace.add(() -> name + " " + appended + " " + RecordText.of(batch.records()));
        awaitReplicas(appended.endOffset(), appended.baseOffset(), answer);
    }

    private Code refusal(Produce batch, @Nullable Object guard) {
        if (deleted) {
            return Code.UNKNOWN_TOPIC;
        }
        if (batch.sizeBytes() > maxMessageBytes) {
            return Code.MESSAGE_TOO_LARGE;
        }
        if (log.producers().isStale(batch.producer())) {
            return Code.INVALID_PRODUCER_EPOCH;
        }
        if (batch.records().stream().anyMatch(refused)) {
            return refusedForGood ? Code.INVALID_RECORD : Code.NOT_ENOUGH_REPLICAS;
        }
        if (!log.producers().hasOpenTransaction(batch.producer())
                && (guard == null || guards.get(batch.producer().id()) != guard)) {
            return Code.INVALID_TXN_STATE;
        }
        return log.producers().checkSequence(batch.producer(), batch.sequence());
    }

    /** Handles a coordinator's marker; answers once every in-sync replica has it. */
    void mark(ProducerIdentity marker, LogBatch.Outcome outcome, Consumer<Answer> answer) {
        var refusal = unavailable();
        if (refusal != null) {
            answer.accept(Answer.error(refusal));
        } else if (!log.producers().takesMarker(marker)) {
            answer.accept(Answer.error(Code.INVALID_PRODUCER_EPOCH));
        } else {
            guards.remove(marker.id());
            var batch = LogBatch.marker(log.end(), marker, outcome);
            log.append(batch);
            trace.add(() -> name + " " + batch);
            awaitReplicas(batch.endOffset(), batch.baseOffset(), answer);
        }
    }

    private void awaitReplicas(long end, long offset, Consumer<Answer> answer) {
        waiting.add(new Waiting(end, offset, answer));
        replicate(end, leaderEpoch);
    }

    private void replicate(long end, int epoch) {
        var delayUs = Math.max(stalledUntilUs - loop.nowUs(), 0) + faults.travelUs();
        loop.after(delayUs, () -> {
            if (epoch != leaderEpoch) {
                return;
            }
            if (loop.nowUs() < stalledUntilUs) {
                replicate(end, epoch);
                return;
            }
            highWatermark = Math.max(highWatermark, end);
            durable = Math.max(durable, highWatermark);
            answerReplicated();
        });
    }

    private void answerReplicated() {
        var done =
                waiting.stream().filter(waiter -> waiter.end() <= highWatermark).toList();
        waiting.removeAll(done);
        done.forEach(waiter -> waiter.answer().accept(Answer.at(waiter.offset())));
    }

    /**
     * Makes another replica the leader, with the records that it has: all below the high watermark, and a random part of those
     * above.
     *
     * @param vacancyUs how long there is no leader
     * @param deposedUs how long the old leader still answers consumers
     */
    public void changeLeader(long vacancyUs, long deposedUs) {
        deposed = leaderView().frozen();
        deposedUntilUs = loop.nowUs() + deposedUs;
        electLeader(boundaryAtOrAbove(durable), vacancyUs);
    }

    /** Elects a leader that lacks acknowledged records, as an unclean election or the loss of all disks does. */
    public void loseEnd(int batches) {
        var kept = Math.max(0, log.batches().size() - batches);
        var newEnd = kept == 0 ? log.start() : log.batches().get(kept - 1).endOffset();
        deposed = null;
        durable = Math.min(durable, newEnd);
        electLeader(newEnd, 0);
    }

    private long boundaryAtOrAbove(long atLeast) {
        var above = log.batches().subList(log.indexOf(atLeast), log.batches().size());
        var pick = faults.random().nextInt(above.size() + 1);
        return pick == 0 ? atLeast : above.get(pick - 1).endOffset();
    }

    private void electLeader(long end, long vacancyUs) {
        log.truncate(end);
        guards.clear();
        enlisting.clear();
        leaderEpoch++;
        electedAtUs = loop.nowUs() + vacancyUs;
        epochStart = end;
        // A follower learns the high watermark one fetch late.
        var behind = log.batches().size() - faults.random().nextInt(4);
        var known = behind < 1 ? log.start() : log.batches().get(behind - 1).endOffset();
        highWatermark = Math.min(durable, Math.max(known, log.start()));
        trace.add(() -> name + " leader changes at " + end + ", high watermark " + highWatermark);
        var gone = List.copyOf(waiting);
        waiting.clear();
        gone.forEach(waiter -> waiter.answer().accept(Answer.error(Code.NOT_LEADER)));
        var epoch = leaderEpoch;
        loop.after(vacancyUs, () -> replicate(end, epoch));
    }

    /** Stops the followers: nothing is acknowledged, and all callers wait. */
    public void stallReplication(long forUs) {
        stalledUntilUs = Math.max(stalledUntilUs, loop.nowUs() + forUs);
    }

    /** Deletes the records below an offset. */
    public void trim(long before) {
        log.trim(Math.min(before, highWatermark));
    }

    /**
     * Rejects some records from now on.
     *
     * @param which selects the records to reject
     * @param forGood whether the producer gets a permanent error or a retriable one
     */
    public void refuse(Predicate<Outgoing> which, boolean forGood) {
        refused = which;
        refusedForGood = forGood;
    }

    /** Rejects larger batches from now on. */
    public void limitMessages(int bytes) {
        maxMessageBytes = bytes;
    }

    int maxMessageBytes() {
        return maxMessageBytes;
    }

    void delete() {
        deleted = true;
        deposed = null;
        trace.add(() -> name + " is deleted");
        var gone = List.copyOf(waiting);
        waiting.clear();
        gone.forEach(waiter -> waiter.answer().accept(Answer.error(Code.UNKNOWN_TOPIC)));
    }

    /** Its topic was created again. */
    void replaceBy(SimPartition partition) {
        delete();
        replacement = partition;
    }

    /** Returns the partition that has its name now: transactions refer to partitions by name. */
    SimPartition current() {
        return replacement == null ? this : replacement.current();
    }

    boolean isDeleted() {
        return deleted;
    }

    /** Returns whether a batch is committed or will be: its coordinator has written that decision to its log. */
    public boolean isDecided(LogBatch batch) {
        return batch.outcome() == LogBatch.Outcome.COMMITTED
                || (batch.outcome() == LogBatch.Outcome.OPEN
                        && coordinators.values().stream().anyMatch(each -> each.isCommitting(batch.producer())));
    }

    /** Returns what the leader would answer a consumer; null while there is no leader. */
    @Nullable
    ReplicaView answering() {
        return unavailable() == null ? leaderView() : null;
    }

    private ReplicaView leaderView() {
        return new ReplicaView(
                log.batches(), log.start(), log.end(), highWatermark, log.lastStable(highWatermark), epochStart);
    }

    /** Returns what a deposed leader would answer, or null if none answers. */
    @Nullable
    ReplicaView deposed() {
        return loop.nowUs() < deposedUntilUs ? deposed : null;
    }

    /** Returns the durable log from an offset on: the records that every in-sync replica has. */
    public List<LogBatch> durableBatchesFrom(long from) {
        return log.batches().subList(log.indexOf(from), log.indexOf(durable));
    }

    /** Returns the leader epoch, which rises with every change of leaders. */
    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** Returns the end of the durable log. */
    public long durableEnd() {
        return durable;
    }

    /** Returns the offset of the durable log below which every transaction is final. */
    public long stableEnd() {
        return log.lastStable(durable);
    }

    void commitFlushOffset(long offset) {
        flushOffset = offset;
    }

    /** Returns the committed offset of the flusher's group; -1 if there is none. */
    public long flushOffset() {
        return flushOffset;
    }

    /** Returns the first offset that is still there. */
    public long start() {
        return log.start();
    }
}
