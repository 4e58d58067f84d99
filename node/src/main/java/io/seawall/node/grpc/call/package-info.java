/**
 * What all gRPC calls share: the limits, the budget of bytes that calls hold, the translation of errors, and the pool for what blocks.
 * Callbacks of gRPC run on the threads that read from the connections, so nothing here blocks but the tasks of the pool.
 */
@NullMarked
package io.seawall.node.grpc.call;

import org.jspecify.annotations.NullMarked;
