package io.seawall.node.access;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What counts as one address: for IPv6 the first 64 bits, because a client that has one of these addresses usually has all
 * of them.
 *
 * @param bytes the bytes that count; empty if the address is no longer known
 */
public record AddressKey(List<Byte> bytes) {
    private static final int IPV6_BYTES = 8;

    /** Returns what counts of an address. */
    public static AddressKey of(@Nullable SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress inet)) {
            return new AddressKey(List.of());
        }
        var all = inet.getAddress().getAddress();
        var boxed = new Byte[inet.getAddress() instanceof Inet6Address ? IPV6_BYTES : all.length];
        Arrays.setAll(boxed, at -> all[at]);
        return new AddressKey(List.of(boxed));
    }
}
