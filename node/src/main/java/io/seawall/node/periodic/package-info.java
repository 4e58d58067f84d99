/** Tasks that a node repeats. Each group of tasks has one thread of its own. */
@NullMarked
package io.seawall.node.periodic;

import org.jspecify.annotations.NullMarked;
