/** A program that uses a node over gRPC: one class with a main method, which docs/client.md shows. Uses one thread. */
@NullMarked
package io.seawall.examples.client;

import org.jspecify.annotations.NullMarked;
