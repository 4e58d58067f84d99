package io.seawall.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.it.kit.KafkaChoice.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaChoiceTest {
    @Test
    void forksProcessesUnlessToldOtherwise() {
        assertThat(KafkaChoice.of(null).kind()).isEqualTo(Kind.PROCESS);
        assertThat(KafkaChoice.of("process").kind()).isEqualTo(Kind.PROCESS);
    }

    @Test
    void takesTestcontainersByName() {
        assertThat(KafkaChoice.of("testcontainers").kind()).isEqualTo(Kind.TESTCONTAINERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:9092", "10.0.0.1:19092,kafka-2.example:19093"})
    void takesBootstrapServersAsTheyAre(String servers) {
        assertThat(KafkaChoice.of(servers)).isEqualTo(new KafkaChoice(Kind.EXISTING, servers));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "proces", "Process", "true", "localhost", "localhost:", "a:1,", "a:1, b:2", ":9092"})
    void refusesWhatIsNoneOfTheThree(String text) {
        assertThatThrownBy(() -> KafkaChoice.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("expected process, testcontainers, or bootstrap servers");
    }
}
