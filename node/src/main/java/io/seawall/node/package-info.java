/**
 * The service. {@link io.seawall.node.Node} wires the modules; the adapters between modules that do not know each other are
 * in this package. The HTTP layer, the configuration and the metrics have their own packages.
 */
@NullMarked
package io.seawall.node;

import org.jspecify.annotations.NullMarked;
