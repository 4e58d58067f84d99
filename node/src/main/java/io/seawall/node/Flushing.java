package io.seawall.node;

import io.seawall.lifetime.FlusherHook;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Flushes;

/** Flushing as the other parts of a node see it: on ({@link SegmentFlushing}) or off ({@link NoFlushing}). Thread-safe. */
interface Flushing extends FlusherHook, FlushPositions, AutoCloseable {
    /** Returns what serves the requests about flushing and segments. */
    Flushes flushes();

    /** Creates the readers that users of the node get. The caller closes them. */
    TieredReads openReads();

    /** Registers the meters of flushing. */
    void bind(NodeMetrics metrics);

    /** Stops to flush, after the logs are unregistered. */
    @Override
    void close();
}
