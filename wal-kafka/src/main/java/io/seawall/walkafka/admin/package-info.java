/**
 * Information and operations for operators: topics, the holder of a log, foreign transactions, counts of readers. Values
 * are immutable; each method states whether it blocks.
 */
@NullMarked
package io.seawall.walkafka.admin;

import org.jspecify.annotations.NullMarked;
