/**
 * What the node's HTTP layer needs from the rest of the node, as narrow interfaces that it owns; the adapters to the
 * modules are made where the node is wired. Implementations may be called from any thread; each method says whether it blocks.
 */
@NullMarked
package io.seawall.node.ports;

import org.jspecify.annotations.NullMarked;
