package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.FlusherSettings.Backoff;
import io.seawall.wal.RequestException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FlusherSettingsTest {
    private static final FlusherSettings DEFAULTS = FlusherSettings.defaults(Path.of("spool"));

    @Test
    void defaultsAreThoseOfTheDesign() {
        assertThat(DEFAULTS.sealing().bytes()).isEqualTo(67_108_864);
        assertThat(DEFAULTS.sealing().age()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void refusesValuesOutOfRangeAndNamesThem() {
        assertThatThrownBy(() -> DEFAULTS.withSegments(0, Duration.ofMinutes(1)))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("segmentBytes")
                .hasMessageContaining("found 0");
        assertThatThrownBy(() -> DEFAULTS.withSegments(1, Duration.ZERO))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("segmentAge");
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("retry.longest");
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        var backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1));

        assertThat(backoff.after(1)).isEqualTo(Duration.ofMillis(200));
        assertThat(backoff.after(3)).isEqualTo(Duration.ofMillis(800));
        assertThat(backoff.after(4)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(1));
    }
}
