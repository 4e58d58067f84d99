package io.seawall.kafkasim;

import io.seawall.kafkasim.Answer.Code;
import io.seawall.kafkasim.LogBatch.Outcome;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The coordinator of one transactional id, with transactions of version 2: every end of a transaction raises the epoch. A
 * transition takes effect once it is in the coordinator's own log, which takes a moment; markers are written after that, as
 * separate steps. The next coordinator continues from the log.
 */
public final class TxnCoordinator {
    private static final long SWEEP_US = 10_000_000;
    private static final long MARKER_RETRY_US = 15_000;
    private static final long LATEST_MARKER_US = 600_000;

    private final String transactionalId;
    private final EventLoop loop;
    private final Faults faults;
    private final Trace trace;
    private final LongSupplier producerIds;
    private final int lastEpoch;
    private TxnState state = TxnState.NONE;
    private boolean transitionPending;
    private UnaryOperator<TxnState> pending = UnaryOperator.identity();
    private int generation; // counts the brokers that have coordinated
    private long availableAtUs;
    private long timeouts;
    private long rotations;

    /**
     * Creates a coordinator.
     *
     * @param producerIds gives new producer ids
     * @param lastEpoch the epoch at which a producer id is used up
     */
    TxnCoordinator(
            String transactionalId,
            EventLoop loop,
            Faults faults,
            Trace trace,
            LongSupplier producerIds,
            int lastEpoch) {
        this.transactionalId = transactionalId;
        this.loop = loop;
        this.faults = faults;
        this.trace = trace;
        this.producerIds = producerIds;
        this.lastEpoch = lastEpoch;
    }

    /** Gives the id to the requester: aborts the open transaction, then raises the epoch. */
    void init(long timeoutUs, Consumer<Answer> answer) {
        if (isAway(answer) || isBusy(answer)) {
            return;
        }
        if (state.phase() == TxnState.Phase.ONGOING) {
            // The requester must retry after the markers are written: its epoch is then one higher.
            abort(() -> answer.accept(Answer.error(Code.CONCURRENT_TRANSACTIONS)), answer);
            return;
        }
        var identity = nextIdentity(state);
        transition(
                before -> before.initialized(identity, timeoutUs),
                () -> answer.accept(Answer.identity(identity)),
                answer);
    }

    private ProducerIdentity nextIdentity(TxnState before) {
        if (before.phase() == TxnState.Phase.NONE || before.producer().epoch() >= lastEpoch) {
            rotations += before.phase() == TxnState.Phase.NONE ? 0 : 1;
            return new ProducerIdentity(producerIds.getAsLong(), 0);
        }
        return before.producer().bumped();
    }

    /** Adds the partition to the producer's transaction. */
    void enlist(ProducerIdentity producer, SimPartition partition, Consumer<Answer> answer) {
        // Check for a busy id first: a producer may already use the id that the end of its last transaction gave it.
        if (isAway(answer) || isBusy(answer)) {
            return;
        }
        if (state.phase() == TxnState.Phase.NONE || state.producer().id() != producer.id()) {
            answer.accept(Answer.error(Code.INVALID_PRODUCER_ID_MAPPING));
        } else if (state.producer().epoch() != producer.epoch()) {
            answer.accept(Answer.error(Code.PRODUCER_FENCED));
        } else if (state.phase() == TxnState.Phase.ONGOING) {
            answer.accept(Answer.ok());
        } else {
            var begunUs = loop.nowUs();
            transition(before -> before.begun(partition, begunUs), () -> answer.accept(Answer.ok()), answer);
            var timeoutUs = state.timeoutUs() + faults.between(0, SWEEP_US);
            loop.after(timeoutUs, () -> timeOut(begunUs));
        }
    }

    private void timeOut(long begunUs) {
        if (state.phase() != TxnState.Phase.ONGOING || state.begunUs() != begunUs) {
            return;
        }
        if (loop.nowUs() < availableAtUs || transitionPending) {
            loop.after(faults.between(1_000, SWEEP_US), () -> timeOut(begunUs));
            return;
        }
        timeouts++;
        trace.add(() -> transactionalId + " times out");
        abort(() -> {}, nobody -> {});
    }

    private void abort(Runnable prepared, Consumer<Answer> refused) {
        end(Outcome.ABORTED, prepared, refused);
    }

    /** Commits or aborts; the answer holds the identity for the next transaction. */
    void end(ProducerIdentity producer, boolean commit, Consumer<Answer> answer) {
        if (isAway(answer) || isBusy(answer)) {
            return;
        }
        var refusal = state.endRefusal(producer, commit);
        if (refusal == Code.OK && state.phase() == TxnState.Phase.ONGOING) {
            var outcome = commit ? Outcome.COMMITTED : Outcome.ABORTED;
            end(outcome, () -> answer.accept(Answer.identity(state.afterwards())), answer);
        } else if (refusal == Code.OK) {
            answer.accept(Answer.identity(state.producer())); // repeats a completed end
        } else {
            trace.add(() -> transactionalId + " refuses the end of " + producer + ": " + refusal + " in " + state);
            answer.accept(Answer.error(refusal));
        }
    }

    private void end(Outcome outcome, Runnable prepared, Consumer<Answer> refused) {
        var rotated = state.producer().epoch() >= lastEpoch;
        var afterwards = rotated
                ? new ProducerIdentity(producerIds.getAsLong(), 0)
                : state.producer().bumped();
        rotations += rotated ? 1 : 0;
        transition(
                before -> before.prepared(outcome, afterwards),
                () -> {
                    prepared.run();
                    writeMarker(generation);
                },
                refused);
    }

    private void writeMarker(int byGeneration) {
        if (byGeneration != generation || !state.isPreparing()) {
            return;
        }
        var named = state.partition();
        var partition = named == null ? null : named.current();
        if (partition == null || partition.isDeleted()) {
            complete();
            return;
        }
        var marker = state.producer();
        var outcome = state.outcome();
        var lateUs = faults.strikes(Fault.LATE_MARKER) ? faults.between(1_000, LATEST_MARKER_US) : 0;
        loop.after(
                lateUs + faults.travelUs() * 2,
                () -> partition.mark(
                        marker,
                        outcome,
                        marked -> loop.after(faults.travelUs(), () -> {
                            if (byGeneration != generation
                                    || !state.isPreparing()
                                    || !state.producer().equals(marker)) {
                                return;
                            }
                            if (marked.code() == Code.OK || partition.isDeleted()) {
                                complete();
                            } else {
                                loop.after(MARKER_RETRY_US, () -> writeMarker(byGeneration));
                            }
                        })));
    }

    private void complete() {
        transition(TxnState::completed, () -> {}, nobody -> {});
    }

    /** Writes a transition into the coordinator's log, and then applies it. */
    private void transition(UnaryOperator<TxnState> change, Runnable done, Consumer<Answer> refused) {
        transitionPending = true;
        pending = change;
        var by = generation;
        loop.after(faults.travelUs() * 2, () -> {
            if (by != generation) {
                refused.accept(Answer.error(Code.NOT_COORDINATOR));
                return;
            }
            apply();
            done.run();
        });
    }

    private void apply() {
        transitionPending = false;
        state = pending.apply(state);
        trace.add(() -> transactionalId + " " + state);
    }

    private boolean isAway(Consumer<Answer> answer) {
        if (loop.nowUs() < availableAtUs) {
            answer.accept(Answer.error(Code.NOT_COORDINATOR));
            return true;
        }
        return false;
    }

    private boolean isBusy(Consumer<Answer> answer) {
        if (transitionPending || state.isPreparing()) {
            answer.accept(Answer.error(Code.CONCURRENT_TRANSACTIONS));
            return true;
        }
        return false;
    }

    /** Makes another broker the coordinator; a transition that is being written may or may not be in the log. */
    public void move(long awayUs) {
        if (transitionPending && faults.random().nextBoolean()) {
            apply();
        }
        transitionPending = false;
        generation++;
        availableAtUs = Math.max(availableAtUs, loop.nowUs() + awayUs);
        trace.add(() -> transactionalId + " moves, away for " + awayUs + " in " + state);
        var by = generation;
        loop.after(availableAtUs - loop.nowUs(), () -> writeMarker(by));
    }

    /** Forgets an id that was idle for long; keeps one in a transaction. */
    public void expire() {
        if (!transitionPending && !state.isPreparing() && state.phase() != TxnState.Phase.ONGOING) {
            state = TxnState.NONE;
            trace.add(() -> transactionalId + " expires");
        }
    }

    /** Returns whether the coordinator answers and a transaction is open. */
    public boolean hasOpenTransaction() {
        return state.phase() == TxnState.Phase.ONGOING && loop.nowUs() >= availableAtUs;
    }

    /** Returns whether the transaction of a producer identity is committed or will be. */
    boolean isCommitting(ProducerIdentity producer) {
        return state.isCommitted(producer);
    }

    /** Returns how many transactions timed out. */
    public long timeouts() {
        return timeouts;
    }

    /** Returns how many producer ids were used up. */
    public long rotations() {
        return rotations;
    }
}
