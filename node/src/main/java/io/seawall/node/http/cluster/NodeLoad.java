package io.seawall.node.http.cluster;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many logs a node has.
 *
 * @param owned those that it has to have open
 * @param open those of them that it reports open
 * @param releasing those that it has to close
 * @param movesTo those that are moving to it
 * @param movesFrom those that are moving away
 */
record NodeLoad(int owned, int open, int releasing, int movesTo, int movesFrom) {
    static final NodeLoad NONE = new NodeLoad(0, 0, 0, 0, 0);

    /** Counts the logs of each node that has some. */
    static Map<String, NodeLoad> of(List<LogFacts> logs) {
        var loads = new HashMap<String, NodeLoad>();
        for (var log : logs) {
            var owner = log.owner().map(Owner::node).orElse("");
            add(loads, owner, log.phase() == Phase.OWNED ? new NodeLoad(1, log.isOpen() ? 1 : 0, 0, 0, 0) : NONE);
            add(loads, owner, log.phase() == Phase.RELEASING ? new NodeLoad(0, 0, 1, 0, 0) : NONE);
            add(loads, log.movesTo(), new NodeLoad(0, 0, 0, 1, 0));
            add(loads, log.movesFrom(), new NodeLoad(0, 0, 0, 0, 1));
        }
        loads.remove("");
        return loads;
    }

    private static void add(Map<String, NodeLoad> loads, String node, NodeLoad more) {
        loads.merge(node, more, NodeLoad::plus);
    }

    private NodeLoad plus(NodeLoad more) {
        return new NodeLoad(
                owned + more.owned,
                open + more.open,
                releasing + more.releasing,
                movesTo + more.movesTo,
                movesFrom + more.movesFrom);
    }
}
