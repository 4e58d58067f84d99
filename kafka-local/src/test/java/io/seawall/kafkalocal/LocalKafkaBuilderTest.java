package io.seawall.kafkalocal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LocalKafkaBuilderTest {
    @Test
    void refusesNoBrokers() {
        assertThatThrownBy(() -> LocalKafka.builder().brokers(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("brokers is 0, expected 1 to 9");
    }

    @Test
    void refusesFewerPortsThanBrokers() {
        assertThatThrownBy(() -> LocalKafka.builder().brokers(3).ports(9092).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ports is [9092], expected one for each of 3 brokers");
    }

    @Test
    void refusesALevelBelowZero() {
        assertThatThrownBy(() -> LocalKafka.builder().feature("transaction.version", -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the level of transaction.version is -1, expected 0 or more");
    }

    @Test
    void refusesToKeepDataInATemporaryDirectory() {
        assertThatThrownBy(() -> LocalKafka.builder().keepData(true).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dataDir");
    }

    @Test
    void saysHowToGetTheJarsWhenItIsNotTold() {
        assertThatThrownBy(() -> LocalKafka.builder().start())
                .isInstanceOf(LocalKafkaException.class)
                .hasMessageContaining("seawall.broker.libs")
                .hasMessageContaining("mvn");
    }
}
