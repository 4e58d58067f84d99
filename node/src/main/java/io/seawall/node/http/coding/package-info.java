/**
 * The codings of bodies and answers, gzip and zstd: what HTTP calls Content-Encoding. Nothing here waits; an instance is used by one
 * thread at a time.
 */
@NullMarked
package io.seawall.node.http.coding;

import org.jspecify.annotations.NullMarked;
