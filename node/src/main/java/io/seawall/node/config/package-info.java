/**
 * The node's configuration: its sources, its keys and their allowed values. All objects are immutable once
 * {@link io.seawall.node.config.NodeConfig} is built. No value of a {@code kafka.} key is ever printed.
 */
@NullMarked
package io.seawall.node.config;

import org.jspecify.annotations.NullMarked;
