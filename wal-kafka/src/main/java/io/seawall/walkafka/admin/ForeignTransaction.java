package io.seawall.walkafka.admin;

import org.jspecify.annotations.Nullable;

/**
 * A transaction of another program that is open on a log's partition. Until it ends, the committed view stands still in front of
 * it: what the log's owner commits behind it is not visible there.
 *
 * @param transactionalId whose it is; null if no coordinator knows it any more, and it never ends by itself
 * @param producerId Kafka's number of its producer
 * @param offset its first offset in the partition
 */
public record ForeignTransaction(@Nullable String transactionalId, long producerId, long offset) {
    /** Takes the parts as they are. */
    public ForeignTransaction(@Nullable String transactionalId, long producerId, long offset) {
        this.transactionalId = transactionalId;
        this.producerId = producerId;
        this.offset = offset;
    }

    @Override
    public String toString() {
        var whose = transactionalId == null
                ? "a transaction that no coordinator knows any more"
                : "an open transaction of another program, transactional id '" + transactionalId + "'";
        return whose + ", producer id " + producerId + ", open since offset " + offset;
    }

    /** Says how a person ends it, if its program does not. */
    public String fix() {
        return transactionalId == null
                ? "abort it with kafka-transactions.sh abort"
                : "end it in that program, or fence its transactional id (Admin.fenceProducers)";
    }
}
