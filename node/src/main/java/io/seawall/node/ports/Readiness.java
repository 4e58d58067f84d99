package io.seawall.node.ports;

import java.util.List;

/** Reports whether the node can do its work. Does not block: the implementation keeps the results up to date. */
public interface Readiness {
    /**
     * Returns all checks with their results: whether Kafka is reachable, whether pchannels are open. The node is ready if
     * all are ok.
     */
    List<Check> checks();

    /**
     * The result of one check.
     *
     * @param name its name, such as {@code kafka}
     * @param ok whether it passed
     * @param detail what was found, one sentence
     */
    record Check(String name, boolean ok, String detail) {}
}
