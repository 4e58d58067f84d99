/**
 * The registry of the node's metrics, and the meters of HTTP and of each pchannel. The meters of the other modules are bound in
 * the package above, which knows these modules: {@code FlushMetrics}, {@code LifetimeMetrics} and {@code ReaderMetrics}. Meters may
 * be used from any thread; names start with {@code seawall_} and have base units.
 */
@NullMarked
package io.seawall.node.metrics;

import org.jspecify.annotations.NullMarked;
