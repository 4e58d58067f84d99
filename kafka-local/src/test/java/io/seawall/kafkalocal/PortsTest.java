package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void picksDistinctPorts() {
        assertThat(new FreePorts(new Random(1)).pick(20))
                .doesNotHaveDuplicates()
                .hasSize(20);
    }

    @Test
    void passesOverAPortThatIsTaken() throws IOException {
        // given
        int wanted = new FreePorts(new Random(7)).pick(1).get(0);
        try (var taken = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            // when
            int picked = new FreePorts(new Random(7)).pick(1).get(0);

            // then
            assertThat(picked).isNotEqualTo(taken.getLocalPort());
        }
    }
}
