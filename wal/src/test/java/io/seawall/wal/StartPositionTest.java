package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartPositionTest {
    @Test
    void eachKindHasAFactory() {
        var moment = Instant.ofEpochMilli(5);

        assertThat(StartPosition.oldest()).isEqualTo(new StartPosition.Oldest());
        assertThat(StartPosition.tail()).isEqualTo(new StartPosition.Tail());
        assertThat(StartPosition.atLsn(5)).isEqualTo(new StartPosition.AtLsn(5));
        assertThat(StartPosition.atTime(moment)).isEqualTo(new StartPosition.AtTime(moment));
    }

    @Test
    void refusesAnLsnBelowZero() {
        var error = catchThrowableOfType(RequestException.class, () -> StartPosition.atLsn(-1));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error.problem().found()).isEqualTo("LSN -1");
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00.001Z, 1",
        "1970-01-01T00:00:00.001000001Z, 2",
        "1969-12-31T23:59:59Z, 0",
        "+1000000000-12-31T23:59:59Z, 9223372036854775807"
    })
    void momentsAreRoundedUpToMilliseconds(Instant time, long epochMs) {
        assertThat(new StartPosition.AtTime(time).epochMs()).isEqualTo(epochMs);
    }
}
