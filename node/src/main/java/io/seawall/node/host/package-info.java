/**
 * What a node takes of its machine: ports and a data directory. Checks run on the thread that starts the node; a lock is taken
 * and closed by one thread.
 */
@NullMarked
package io.seawall.node.host;

import org.jspecify.annotations.NullMarked;
