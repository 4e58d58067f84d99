package io.seawall.kafkasim;

import io.seawall.kafkasim.Answer.Code;
import io.seawall.kafkasim.LogBatch.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator's log entry for a transactional id.
 *
 * @param phase the phase of its transaction
 * @param producer the current id and epoch; in the PREPARE phases those of the marker
 * @param afterwards the producer's identity after the transaction
 * @param previous the producer's identity in the transaction that is ending or over
 * @param partition the partition that the transaction wrote to
 * @param begunUs when it began
 * @param timeoutUs after how long the coordinator aborts it
 */
record TxnState(
        Phase phase,
        ProducerIdentity producer,
        ProducerIdentity afterwards,
        ProducerIdentity previous,
        @Nullable SimPartition partition,
        long begunUs,
        long timeoutUs) {
    /** Kafka's names of the phases. */
    enum Phase {
        NONE,
        EMPTY,
        ONGOING,
        PREPARE_COMMIT,
        PREPARE_ABORT,
        COMPLETE_COMMIT,
        COMPLETE_ABORT
    }

    /** Nothing is known about the id. */
    static final TxnState NONE =
            new TxnState(Phase.NONE, ProducerIdentity.NONE, ProducerIdentity.NONE, ProducerIdentity.NONE, null, 0, 0);

    boolean isPreparing() {
        return phase == Phase.PREPARE_COMMIT || phase == Phase.PREPARE_ABORT;
    }

    Outcome outcome() {
        return phase == Phase.PREPARE_COMMIT ? Outcome.COMMITTED : Outcome.ABORTED;
    }

    TxnState initialized(ProducerIdentity identity, long timeout) {
        return new TxnState(Phase.EMPTY, identity, identity, ProducerIdentity.NONE, null, 0, timeout);
    }

    TxnState begun(SimPartition on, long nowUs) {
        return new TxnState(Phase.ONGOING, producer, producer, ProducerIdentity.NONE, on, nowUs, timeoutUs);
    }

    /**
     * Prepares the end of the transaction. The marker's epoch is one above the transaction's, also at the end of a producer
     * id's epochs.
     */
    TxnState prepared(Outcome outcome, ProducerIdentity next) {
        var to = outcome == Outcome.COMMITTED ? Phase.PREPARE_COMMIT : Phase.PREPARE_ABORT;
        return new TxnState(to, producer.bumped(), next, producer, partition, begunUs, timeoutUs);
    }

    TxnState completed() {
        var to = phase == Phase.PREPARE_COMMIT ? Phase.COMPLETE_COMMIT : Phase.COMPLETE_ABORT;
        return new TxnState(to, afterwards, afterwards, previous, null, 0, timeoutUs);
    }

    boolean isCommitted(ProducerIdentity writer) {
        return (phase == Phase.PREPARE_COMMIT || phase == Phase.COMPLETE_COMMIT) && previous.equals(writer);
    }

    /**
     * Returns whether a producer may end its transaction now; OK also if it has done so and only repeats the request.
     */
    Code endRefusal(ProducerIdentity asker, boolean commit) {
        if (asker.equals(previous)) {
            return commit == (phase == Phase.COMPLETE_COMMIT) ? Code.OK : Code.INVALID_TXN_STATE;
        }
        if (phase == Phase.NONE || asker.id() != producer.id()) {
            return Code.INVALID_PRODUCER_ID_MAPPING;
        }
        if (!asker.equals(producer)) {
            return Code.PRODUCER_FENCED;
        }
        return phase == Phase.ONGOING ? Code.OK : Code.INVALID_TXN_STATE;
    }

    @Override
    public String toString() {
        return phase + " " + producer;
    }
}
