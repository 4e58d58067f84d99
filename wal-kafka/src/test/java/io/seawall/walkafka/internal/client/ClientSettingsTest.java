package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which settings of Kafka's clients users can change, and which they cannot. */
class ClientSettingsTest {
    private static final WalSettings SETTINGS = WalSettings.defaults();

    @ParameterizedTest
    @CsvSource({
        "acks, 1, all",
        "enable.idempotence, false, true",
        "max.in.flight.requests.per.connection, 1, 5",
        "linger.ms, 100, 0",
        "max.block.ms, 60000, 0",
        "retries, 1, 2147483647",
        "retry.backoff.ms, 1000, 10",
        "delivery.timeout.ms, 900000, 30000",
        "transaction.timeout.ms, 900000, 60000",
        "transactional.id, mine, seawall-orders-3-a",
        "transaction.two.phase.commit.enable, true, false"
    })
    void usersCannotChangeSettingsForFencingAndDurability(String name, String wanted, String expected) {
        var settings = producer(Map.of(name, wanted));

        assertThat(settings.get(name)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"compression.type", "ssl.truststore.location", "request.timeout.ms"})
    void usersCanPassOtherProducerSettings(String name) {
        assertThat(producer(Map.of(name, "theirs"))).containsEntry(name, "theirs");
    }

    @Test
    void clientsRegisterNoJmxBeansUnlessUsersWantThem() {
        assertThat(producer(Map.of())).containsEntry("metric.reporters", List.of());
        assertThat(consumer(Map.of(), Isolation.COMMITTED)).containsEntry("metric.reporters", List.of());
        assertThat(producer(Map.of("metric.reporters", "theirs"))).containsEntry("metric.reporters", "theirs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.rack", "group.id", "group.instance.id"})
    void readersAskTheLeaderAndJoinNoGroup(String name) {
        assertThat(consumer(Map.of(name, "theirs"), Isolation.COMMITTED)).doesNotContainKey(name);
        assertThat(producer(Map.of("client.rack", "theirs"))).doesNotContainKey("client.rack");
    }

    @ParameterizedTest
    @CsvSource({
        "isolation.level, read_uncommitted, read_committed",
        "auto.offset.reset, latest, none",
        "enable.auto.commit, true, false",
        "allow.auto.create.topics, true, false"
    })
    void usersCannotChangeSettingsForTheReadBack(String name, String wanted, String expected) {
        var settings = consumer(Map.of(name, wanted), Isolation.COMMITTED);

        assertThat(settings.get(name)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"COMMITTED, read_committed", "UNCOMMITTED, read_uncommitted"})
    void theViewDecidesTheIsolation(Isolation isolation, String expected) {
        assertThat(consumer(Map.of(), isolation)).containsEntry("isolation.level", expected);
    }

    private static Map<String, Object> producer(Map<String, Object> theirs) {
        return ClientSettings.producer(connection(theirs), SETTINGS, "node", new PChannel("orders", 3), Lane.A);
    }

    private static Map<String, Object> consumer(Map<String, Object> theirs, Isolation isolation) {
        return ClientSettings.consumer(connection(theirs), "node", isolation, Duration.ofMillis(20));
    }

    private static KafkaConnection connection(Map<String, Object> theirs) {
        var common = new HashMap<String, Object>(theirs);
        common.put("bootstrap.servers", "localhost:1");
        return new KafkaConnection("seawall-", true, common, theirs, theirs, Map.of());
    }
}
