/**
 * Segments without a node: what an operator who has only the files can do. Nothing here needs Kafka, except to restore.
 *
 * <p>Every call blocks; an archive may be used from any thread.
 */
@NullMarked
package io.seawall.node.segments;

import org.jspecify.annotations.NullMarked;
