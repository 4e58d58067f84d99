package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OneBrokerIT {
    @Test
    void takesAndReturnsRecords() throws Exception {
        try (var kafka = LocalKafka.builder().start();
                var client = new TestClient(kafka.bootstrapServers())) {
            client.createTopic("greetings", 1);

            client.produce("greetings", "hello");

            assertThat(client.read("greetings")).containsExactly("hello");
        }
    }
}
