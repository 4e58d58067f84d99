package io.seawall.node;

import io.seawall.node.config.NodeConfig;
import io.seawall.node.tail.TailLimits;

/** Derives the limits of shared reads from a node's configuration. */
final class ReadConfig {
    private ReadConfig() {}

    static TailLimits tails(NodeConfig config) {
        return new TailLimits(config.readsTailLogs(), config.readsTailBytes(), TailLimits.LINGER);
    }
}
