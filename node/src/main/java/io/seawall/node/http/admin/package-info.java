/**
 * The resources for topics, assignments, status, trims and segments. Their calls may block, so they run on a pool, except those
 * that return a future.
 */
@NullMarked
package io.seawall.node.http.admin;

import org.jspecify.annotations.NullMarked;
