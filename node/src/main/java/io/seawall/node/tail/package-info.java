/**
 * Shares the reading of a log's newest records among its readers. {@code TailingReader} is what the protocols use: it reads with a
 * reader of its own until it is at the tail, and then takes records that one thread reads for all. {@code Tails} has the shared
 * readers, {@code Tail} is one of them, {@code RecentBatches} is what it keeps. Batches are encoded once for each form. Readers of
 * their own block; everything that a reader does at the tail does not. Each class states which threads may use it.
 */
@NullMarked
package io.seawall.node.tail;

import org.jspecify.annotations.NullMarked;
