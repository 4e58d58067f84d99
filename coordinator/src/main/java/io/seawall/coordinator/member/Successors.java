package io.seawall.coordinator.member;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which the nodes that are left remove a dead coordinator from the group. Every node computes the same order from
 * the same nodes, and nodes that see other nodes mostly the same one (rendezvous hash): a node that is missing changes nothing
 * about the order of the others. It differs from one dead process to the next, so that no node is always the first.
 */
final class Successors {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Successors() {}

    /**
     * Returns the nodes in their order.
     *
     * @param incarnation the process that is dead
     * @param nodes the nodes that are left
     */
    static List<String> order(String incarnation, Collection<String> nodes) {
        return nodes.stream()
                .distinct()
                .sorted(Comparator.<String>comparingLong(node -> hash(incarnation + "/" + node))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private static long hash(String text) {
        var hash = FNV_OFFSET;
        for (var each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (each & 0xff)) * FNV_PRIME;
        }
        // The last bytes of a text hardly reach the high bits; without this, nodes n1, n2 and n3 are nearly always in
        // the same
        // order.
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
