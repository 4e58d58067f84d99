package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("full")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ThreeBrokersIT {
    @Test
    void replicateAtOnceAndServeWithoutOne() throws Exception {
        try (var kafka = LocalKafka.builder().brokers(3).start();
                var client = new TestClient(kafka.bootstrapServers())) {
            client.createTopic("replicated", 3);
            client.produce("replicated", "three");

            kafka.broker(0).kill();
            client.produce("replicated", "two");
            kafka.broker(0).start();

            client.produce("replicated", "three again");
            assertThat(client.read("replicated")).containsExactly("three", "two", "three again");
        }
    }
}
