package io.seawall.walkafka;

import org.jspecify.annotations.Nullable;

/**
 * Who holds a log.
 *
 * @param term the highest term in the log
 * @param epoch its epoch
 * @param node the node that wrote its claim or snapshot, or null if none was near the end
 * @param url where that node answers, or null
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
