package io.seawall.walkafka.internal.client;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.ForeignTransaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Decides which open transactions hold up logs: those of other programs that were open at two checks in a row. */
final class LingeringTransactions {
    private Set<Open> before = Set.of();

    /**
     * An open transaction, as the leader of a partition describes it.
     *
     * @param pchannel the log
     * @param producerId the id of its producer
     * @param offset the offset of its first record
     */
    record Open(PChannel pchannel, long producerId, long offset) {}

    /** Takes the result of a check. Returns the transactions that the check before found too; a lease is rarely among them. */
    Set<Open> seen(Collection<Open> open) {
        var lingering = new HashSet<>(open);
        lingering.retainAll(before);
        before = Set.copyOf(open);
        return lingering;
    }

    /**
     * Finds the foreign transaction that holds each log up.
     *
     * @param lingering the result of {@link #seen}
     * @param names the transactional ids of producers, as far as coordinators know them
     * @param isOwn whether a transactional id belongs to a lane of a log
     * @return the first transaction of another program in each log
     */
    static Map<PChannel, ForeignTransaction> foreign(
            Set<Open> lingering, Map<Long, String> names, BiPredicate<PChannel, String> isOwn) {
        var first = new HashMap<PChannel, ForeignTransaction>();
        for (var open : lingering) {
            var name = names.get(open.producerId());
            if (name == null || !isOwn.test(open.pchannel(), name)) {
                first.merge(
                        open.pchannel(),
                        new ForeignTransaction(name, open.producerId(), open.offset()),
                        (one, other) -> one.offset() <= other.offset() ? one : other);
            }
        }
        return first;
    }
}
