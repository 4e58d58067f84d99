/**
 * Talks to a node over HTTP, finds its gRPC address for the Java client, and parses the options and arguments of commands that do.
 * For one thread at a time.
 */
@NullMarked
package io.seawall.cli.client;

import org.jspecify.annotations.NullMarked;
