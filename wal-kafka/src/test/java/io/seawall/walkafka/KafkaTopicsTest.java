package io.seawall.walkafka;

import static io.seawall.walkafka.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before Kafka is asked; there is no Kafka here. */
class KafkaTopicsTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1, -1", "1, 40000"})
    void refusesNumbersThatNoTopicCanHave(int pchannels, int replicationFactor) {
        var error = refusal(new KafkaTopics.Spec("orders", pchannels, replicationFactor, "none"));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining(pchannels + " pchannels, replicationFactor " + replicationFactor);
    }

    @Test
    void refusesACompressionThatKafkaDoesNotKnow() {
        var error = refusal(new KafkaTopics.Spec("orders", 1, 1, "rar"));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining("rar");
    }

    private static WalException refusal(KafkaTopics.Spec spec) {
        var connection = KafkaConnection.plain("localhost:1", "seawall-");
        var admin = Admin.create(Map.of("bootstrap.servers", "localhost:1"));
        try {
            var topics = new KafkaTopics(admin, connection, WalSettings.defaults(), new ManualTime());
            return failure(() -> topics.create(spec));
        } finally {
            admin.close(Duration.ZERO);
        }
    }
}
