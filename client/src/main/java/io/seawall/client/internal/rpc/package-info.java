/**
 * What writers, readers and the other calls share: the client's threads, its connections, which node to ask next, and the
 * translation of errors. Everything but {@link io.seawall.client.internal.rpc.ClientThreads} is used on the client's own thread.
 */
@NullMarked
package io.seawall.client.internal.rpc;

import org.jspecify.annotations.NullMarked;
