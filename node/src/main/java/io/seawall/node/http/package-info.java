/**
 * The HTTP API on Jetty's core: routing, the resources of {@code /v1}, problem+json. A request begins on a Jetty thread,
 * which never waits: appends continue when their future completes, and tasks that may block run on one of two bounded pools.
 */
@NullMarked
package io.seawall.node.http;

import org.jspecify.annotations.NullMarked;
