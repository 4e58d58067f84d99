/**
 * The gRPC API of a node: the server and its limits. Callbacks run on the threads that read from the connections, and do not block.
 */
@NullMarked
package io.seawall.node.grpc;

import org.jspecify.annotations.NullMarked;
