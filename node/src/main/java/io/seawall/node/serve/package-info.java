/**
 * What HTTP and gRPC share in serving a request: the rules for batches, budgets of bytes, and the way of a request to the owner of
 * its log. Nothing here blocks; each class states which threads may use it.
 */
@NullMarked
package io.seawall.node.serve;

import org.jspecify.annotations.NullMarked;
