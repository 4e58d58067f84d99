package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.RequestException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpListenTest {
    @ParameterizedTest
    @ValueSource(strings = {"no-such-host.invalid", "192.0.2.1"})
    void anAddressThatIsNotOfThisMachineIsAMistakeOfTheConfigurationAndNoBug(String host) {
        var node = new StubNode();
        var ports = new HttpPorts(node, node, node, node.logs, node, Optional.empty());
        var settings = HttpFixture.settings(host);
        try (var metrics = new NodeMetrics(node::local);
                var server = new HttpServer(
                        settings, ports, metrics, System::nanoTime, new SplittableRandom(1), Duration.ofMillis(700))) {
            assertThatThrownBy(server::start)
                    .isInstanceOfSatisfying(
                            RequestException.class,
                            wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.INVALID))
                    .hasMessageContaining("listen on " + host + ":0: found ")
                    .hasMessageNotContaining("found null")
                    .hasMessageContaining("http.host");
        }
    }
}
