package io.seawall.walkafka;

import org.jspecify.annotations.Nullable;

/**
 * Who writes claims.
 *
 * @param node the node's id
 * @param url where the node answers HTTP, so that others can send clients there; or null
 */
public record NodeIdentity(String node, @Nullable String url) {}
