package io.seawall.walkafka.settings;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The node that claims logs.
 *
 * @param node the node's id
 * @param url returns the node's HTTP address, to which other nodes redirect clients, or null; called at each opening, since a
 *     node may know its port only once it listens
 */
public record NodeIdentity(String node, Supplier<@Nullable String> url) {
    /**
     * Returns the identity of a process that does not serve HTTP.
     *
     * @param node the node's id
     * @return an identity without an address
     */
    public static NodeIdentity withoutUrl(String node) {
        return new NodeIdentity(node, () -> null);
    }
}
