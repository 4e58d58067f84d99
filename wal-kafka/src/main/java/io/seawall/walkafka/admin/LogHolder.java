package io.seawall.walkafka.admin;

import org.jspecify.annotations.Nullable;

/**
 * The holder of a log.
 *
 * @param term the highest term in the log
 * @param epoch the highest epoch of that term
 * @param node the node that wrote a claim or snapshot of that term and epoch, or null if there is none near the end of the log
 * @param url the node's HTTP address, or null
 */
public record LogHolder(
        long term,
        long epoch,
        @Nullable String node,
        @Nullable String url) {
    @Override
    public String toString() {
        return "term " + term + (node == null ? "" : " held by node " + node) + (url == null ? "" : " at " + url);
    }
}
