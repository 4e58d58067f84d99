/**
 * {@code LogService.Read}. A call reads with a reader of its own, which blocks, on a thread of a bounded pool, until it is at the tail
 * of its log; then it shares a tail ({@code io.seawall.node.tail}) and takes records on one of few threads, without blocking. A call
 * whose client takes nothing, and one at the tail that has nothing to send, have no thread.
 */
@NullMarked
package io.seawall.node.grpc.read;

import org.jspecify.annotations.NullMarked;
