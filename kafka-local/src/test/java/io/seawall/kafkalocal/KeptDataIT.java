package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KeptDataIT {
    @TempDir
    private Path data;

    @Test
    void serveAgainOnOtherPorts() throws Exception {
        // given
        int firstPort;
        try (var kafka = LocalKafka.builder().dataDir(data).keepData(true).start();
                var client = new TestClient(kafka.bootstrapServers())) {
            firstPort = kafka.broker(0).port();
            client.createTopic("kept", 1);
            client.produce("kept", "yesterday");
        }

        // when
        int secondPort = new FreePorts(new Random(firstPort)).pick(1).get(0);
        try (var kafka = LocalKafka.builder()
                        .dataDir(data)
                        .keepData(true)
                        .ports(secondPort)
                        .start();
                var client = new TestClient(kafka.bootstrapServers())) {
            // then
            assertThat(kafka.broker(0).port()).isEqualTo(secondPort).isNotEqualTo(firstPort);
            assertThat(client.read("kept")).containsExactly("yesterday");
        }
        assertThatThrownBy(() -> LocalKafka.builder().dataDir(data).start())
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining("keepData(true)");
    }
}
