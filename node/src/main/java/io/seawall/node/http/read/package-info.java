/**
 * Reads: pages, lines and events, and the readers that are kept between two pages. A read blocks a thread of a pool; each reader
 * is used by one thread at a time.
 */
@NullMarked
package io.seawall.node.http.read;

import org.jspecify.annotations.NullMarked;
