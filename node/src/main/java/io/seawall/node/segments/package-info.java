/**
 * Segments without a node: what an operator can do with the files alone. Nothing in this package needs Kafka.
 *
 * <p>Every call blocks; an archive may be used from any thread.
 */
@NullMarked
package io.seawall.node.segments;

import org.jspecify.annotations.NullMarked;
