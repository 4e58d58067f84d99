package io.seawall.walkafka;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the errors for settings from which no Kafka client can be created. Needs no Kafka. */
class KafkaConnectTest {
    private static KafkaConnection connection(Map<String, Object> common, Map<String, Object> producer) {
        return new KafkaConnection("seawall-", true, common, producer, Map.of(), Map.of());
    }

    private static KafkaWals connect(Map<String, Object> common, Map<String, Object> producer) {
        return KafkaWals.connect(connection(common, producer), WalSettings.defaults(), NodeIdentity.withoutUrl("n1"));
    }

    @Test
    void connectsWithoutARunningKafka() {
        connect(Map.of("bootstrap.servers", "localhost:1"), Map.of()).close();
    }

    @ParameterizedTest
    @CsvSource({
        "bootstrap.servers, localhost, bootstrap.servers: localhost",
        "bootstrap.servers, localhost:99999, 99999",
        "security.protocol, XX, security.protocol",
        "max.partition.fetch.bytes, abc, max.partition.fetch.bytes",
        "batch.size, abc, batch.size",
        "compression.type, rar, compression.type",
        "request.timeout.ms, 60000, request.timeout.ms",
    })
    void namesASettingThatAKafkaClientRefuses(String name, String value, String found) {
        var settings = new HashMap<String, Object>(Map.of("bootstrap.servers", "localhost:1"));
        settings.put(name, value);

        var error = failure(() -> connect(settings, Map.of()));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining(found).hasMessageContaining("kafka.");
    }

    @Test
    void namesAMissingTruststoreAndTheCause() {
        var error = failure(() -> connect(
                Map.of(
                        "bootstrap.servers",
                        "localhost:1",
                        "security.protocol",
                        "SSL",
                        "ssl.truststore.location",
                        "/nowhere/keys"),
                Map.of()));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining("/nowhere/keys").hasMessageContaining("no such file or directory");
    }

    @Test
    void namesHostsWithoutAnAddress() {
        var error = failure(() -> connect(Map.of("bootstrap.servers", "no-such-host.invalid:9092"), Map.of()));

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessageContaining("no-such-host.invalid:9092").hasMessageContaining("bootstrap.servers");
    }

    @Test
    void checksTheSettingsOfProducersBeforeTheFirstLogIsOpened() {
        var error =
                failure(() -> connect(Map.of("bootstrap.servers", "localhost:1"), Map.of("partitioner.class", "none")));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining("partitioner.class");
    }
}
