package io.seawall.walkafka.admin;

import org.jspecify.annotations.Nullable;

/**
 * A transaction of another program that is open on a log's partition. Until it ends, the committed view stops before it: records
 * that the log's owner commits behind it stay invisible there.
 *
 * @param transactionalId its transactional id; null if no coordinator knows the transaction, which then never ends by itself
 * @param producerId the id that Kafka gave its producer
 * @param offset its first offset in the partition
 */
public record ForeignTransaction(@Nullable String transactionalId, long producerId, long offset) {
    /** Not a compact constructor, since javac 17 loses its {@code @Nullable}. */
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

    /** Returns how an operator can end it if its program does not. */
    public String fix() {
        return transactionalId == null
                ? "abort it with kafka-transactions.sh abort"
                : "end it in that program, or fence its transactional id (Admin.fenceProducers)";
    }
}
