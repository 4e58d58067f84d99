/**
 * The HTTP server on Jetty's core: what it listens on, who gets in, and which resources it serves. The packages below it hold the
 * resources ({@code append}, {@code read}, {@code admin}) and what they share ({@code exchange}, {@code pace}, {@code json}). A
 * request begins on a Jetty thread, which never waits: appends continue when their future completes, and tasks that may block run
 * on one of two bounded pools.
 */
@NullMarked
package io.seawall.node.http;

import org.jspecify.annotations.NullMarked;
