/**
 * Reads: pages, lines and events, and the readers that are kept between two pages. {@code ReadRequest} parses the query and
 * bounds a page; {@code LookaheadReader} bounds each poll behind it. A read blocks a thread of a pool; each reader is used by one
 * thread at a time.
 */
@NullMarked
package io.seawall.node.http.read;

import org.jspecify.annotations.NullMarked;
