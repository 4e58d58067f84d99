package io.seawall.node.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AddressKeyTest {
    private static AddressKey key(String address) {
        return AddressKey.of(new InetSocketAddress(address, 80));
    }

    @Test
    void anIpv4AddressCountsAsAWhole() {
        assertThat(key("10.0.0.1")).isEqualTo(key("10.0.0.1"));
        assertThat(key("10.0.0.1")).isNotEqualTo(key("10.0.0.2"));
        assertThat(key("::ffff:10.0.0.1")).isEqualTo(key("10.0.0.1"));
    }

    @Test
    void anIpv6AddressCountsWithItsFirst64Bits() {
        assertThat(key("2001:db8:1:2:3:4:5:6")).isEqualTo(key("2001:db8:1:2::1"));
        assertThat(key("2001:db8:1:2::1")).isNotEqualTo(key("2001:db8:1:3::1"));
    }

    @Test
    void anAddressThatIsNotKnownAnyMoreIsOneOfItsOwn() {
        assertThat(AddressKey.of(null)).isNotEqualTo(key("0.0.0.0"));
    }
}
