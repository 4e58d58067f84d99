/** The node's metrics. Meters may be used from any thread; names start with {@code seawall_} and have base units. */
@NullMarked
package io.seawall.node.metrics;

import org.jspecify.annotations.NullMarked;
