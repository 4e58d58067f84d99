package io.seawall.walkafka;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who writes claims.
 *
 * @param node the node's id
 * @param url gives where the node answers HTTP, so that others can send clients there, or null; asked at each opening, as a node
 *     may know its port only once it listens
 */
public record NodeIdentity(String node, Supplier<@Nullable String> url) {
    /**
     * A process that does not serve HTTP.
     *
     * @param node its id
     * @return the identity
     */
    public static NodeIdentity withoutUrl(String node) {
        return new NodeIdentity(node, () -> null);
    }
}
