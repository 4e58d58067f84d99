/**
 * The contents of a partition as data: headers, stamps, the bodies of control records, snapshots and writer sessions, and
 * the rule that decides which records belong to the log. Pure code without I/O; values are immutable unless their type
 * states that one thread owns them.
 */
@NullMarked
package io.seawall.walkafka.internal.format;

import org.jspecify.annotations.NullMarked;
