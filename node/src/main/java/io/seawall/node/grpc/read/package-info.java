/**
 * {@code LogService.Read}. Readers block, so each call that has something to do runs on a thread of a bounded pool; a call whose
 * client takes nothing has none.
 */
@NullMarked
package io.seawall.node.grpc.read;

import org.jspecify.annotations.NullMarked;
