package io.seawall.node.guard;

import io.seawall.node.access.AddressKey;
import io.seawall.node.access.Presented;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request as far as the guard has to know it.
 *
 * @param operation what is asked for, as a phrase that fits after "cannot"
 * @param presented what it shows of its caller
 * @param address where it comes from; null if that is not known any more
 */
public record Ask(
        String operation, Presented presented, @Nullable SocketAddress address) {
    /** Returns what counts as the same address. */
    AddressKey addressKey() {
        return AddressKey.of(address);
    }

    /** Returns the address for the audit log. */
    String addressText() {
        return address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "unknown";
    }
}
