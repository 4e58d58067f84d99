/**
 * One request and its answer: routing, body, query, errors as problem+json, and the limits and pools that all resources share. A
 * Jetty thread handles a request until its endpoint returns and must not block meanwhile; {@code BoundedPool} runs what blocks.
 */
@NullMarked
package io.seawall.node.http.exchange;

import org.jspecify.annotations.NullMarked;
