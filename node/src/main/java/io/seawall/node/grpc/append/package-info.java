/**
 * {@code LogService.Append}. The state of a call is used by one thread at a time, whichever has an event for it; nothing blocks.
 */
@NullMarked
package io.seawall.node.grpc.append;

import org.jspecify.annotations.NullMarked;
