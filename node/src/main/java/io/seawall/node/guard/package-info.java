/**
 * Applies the access file to requests of HTTP and gRPC alike: finds callers, refuses, counts and writes the audit log, and ends
 * what was admitted when its caller's entry is taken away. The decisions are those of {@code access}. Thread-safe; only reading
 * files blocks.
 */
@NullMarked
package io.seawall.node.guard;

import org.jspecify.annotations.NullMarked;
