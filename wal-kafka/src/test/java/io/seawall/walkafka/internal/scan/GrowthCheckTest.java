package io.seawall.walkafka.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeaderCodec;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrowthCheckTest {
    private final GrowthCheck check = new GrowthCheck();

    @ParameterizedTest
    @ValueSource(strings = {"6.0/5", "6.0 lease", "4.0/5", "4.0/5 snapshot", "5.0/2"})
    void aRecordThatContradictsOnlyTheFirstNumberedRecordMakesTheCheckUnsure(String text) {
        accepts("5.0/2");

        assertThat(check.accepts(header(text))).isFalse();

        assertThat(check.isUnsure()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.0/5", "6.0 lease", "4.0/5", "4.0/5 snapshot", "5.0/3"})
    void aRecordThatContradictsTwoNumberedRecordsIsRefused(String text) {
        accepts("5.0/2", "5.0/3");

        assertThat(check.accepts(header(text))).isFalse();

        assertThat(check.isUnsure()).isFalse();
    }

    @Test
    void acceptsWhatOwnersWrite() {
        accepts("5.0 lease", "5.0/2", "5.0 lease", "6.0 claim", "6.0 lease", "6.0/3 snapshot", "6.0/3", "5.0 lease");

        assertThat(check.isUnsure()).isFalse();
    }

    private void accepts(String... texts) {
        for (var text : texts) {
            assertThat(check.accepts(header(text))).as(text).isTrue();
        }
    }

    private static WalHeader header(String text) {
        return Objects.requireNonNull(WalHeaderCodec.read(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
