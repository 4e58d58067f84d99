/**
 * The methods of one question and one answer: descriptions, topics, trimming, flushing, and assignments in mode {@code manual}. What
 * blocks runs on a bounded pool.
 */
@NullMarked
package io.seawall.node.grpc.admin;

import org.jspecify.annotations.NullMarked;
