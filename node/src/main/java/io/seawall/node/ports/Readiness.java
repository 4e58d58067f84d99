package io.seawall.node.ports;

import java.util.List;

/** Whether the node can do its work. Does not block: the answers are kept up to date by whoever knows. */
public interface Readiness {
    /** What is looked at, with the result: Kafka reachable, pchannels open. The node is ready if all are ok. */
    List<Check> checks();

    /**
     * One thing that is looked at.
     *
     * @param name what, such as {@code kafka}
     * @param ok whether it is as it should be
     * @param detail what was found, one sentence
     */
    record Check(String name, boolean ok, String detail) {}
}
