/**
 * What the node's HTTP layer needs from the rest of the node, as narrow interfaces that the HTTP layer owns. The adapters to
 * the modules are created where the node is wired. Implementations are thread-safe; each method states whether it blocks.
 */
@NullMarked
package io.seawall.node.ports;

import org.jspecify.annotations.NullMarked;
