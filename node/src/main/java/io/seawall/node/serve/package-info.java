/**
 * What HTTP and gRPC share in serving a request: the rules for batches, budgets of bytes, the way of a request to the owner of its
 * log, counted appends, threads for work that blocks, and errors inside the node. Nothing here blocks but what is handed to these
 * threads; each class states which threads may use it.
 */
@NullMarked
package io.seawall.node.serve;

import org.jspecify.annotations.NullMarked;
