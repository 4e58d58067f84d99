package io.seawall.node.tail;

import io.seawall.wal.PChannel;
import io.seawall.wal.View;

/**
 * What readers have in common that share a reader.
 *
 * @param pchannel the log
 * @param view which of its records are visible
 * @param logId its incarnation: a topic that was created again has other records under the same LSNs
 */
record TailKey(PChannel pchannel, View view, String logId) {}
