package io.seawall.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({"0,0", "1048576,1048576", "16MiB,16777216", "1 KiB,1024", "3gib,3221225472", " 5 B ,5"})
    void readsASize(String text, long bytes) {
        assertThat(Sizes.parse("k", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "1.5MiB", "-1", "16MB", "1  KiB", "99999999999 TiB", "9999999999999999999"})
    void refusesOtherText(String text) {
        assertThatThrownBy(() -> Sizes.parse("wal.roll.bytes", text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("wal.roll.bytes")
                .hasMessageContaining("as in 16MiB");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "1024,1KiB", "1536,1536", "2097152,2MiB", "4294967296,4GiB"})
    void showsTheShortestExactForm(long bytes, String text) {
        assertThat(Sizes.show(bytes)).isEqualTo(text);
        assertThat(Sizes.parse("k", text)).isEqualTo(bytes);
    }
}
