/**
 * What stands in a partition, as data: headers, stamps, the bodies of control records, snapshots and writer sessions,
 * and the rule that decides which records belong to the log. Pure code without I/O; a value is immutable unless its
 * type says that one thread owns it.
 */
@NullMarked
package io.seawall.walkafka.internal.format;

import org.jspecify.annotations.NullMarked;
