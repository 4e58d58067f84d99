/**
 * The node's configuration: where values come from, which keys there are, and what they may be. Everything here is
 * immutable after {@link io.seawall.node.config.NodeConfig} is built, and no value of a {@code kafka.} key is ever printed.
 */
@NullMarked
package io.seawall.node.config;

import org.jspecify.annotations.NullMarked;
