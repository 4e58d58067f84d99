package io.seawall.walkafka.internal.serial;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.LaneFault;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortErrorsTest {
    private static final PChannel PCHANNEL = PChannel.parse("a-0");

    @ParameterizedTest
    @CsvSource({
        "FENCED, FENCED",
        "TOO_LARGE, TOO_LARGE",
        "GONE, NOT_FOUND",
        "FORBIDDEN, INTERNAL",
        "UNAVAILABLE, UNAVAILABLE"
    })
    void translatesFaultsOfLanes(LaneFault.Kind kind, ErrorCode code) {
        var fault = new LaneFault(kind, new IllegalStateException("x"));

        var told = PortErrors.walException("append", PCHANNEL, new CompletionException(fault));

        assertThat(told.code()).isEqualTo(code);
        assertThat(told.problem().pchannel()).isEqualTo(PCHANNEL);
        assertThat(told).hasCause(fault.getCause());
    }

    @Test
    void keepsErrorsThatAreTranslatedAlready() {
        var known = PortErrors.walException("look", new LaneFault(LaneFault.Kind.GONE, new RuntimeException("x")));
        var fault = new LaneFault(LaneFault.Kind.FENCED, new RuntimeException("y"));

        assertThat(PortErrors.walException("append", PCHANNEL, new CompletionException(known)))
                .isSameAs(known);
        assertThat(PortErrors.laneFault(new CompletionException(fault))).isSameAs(fault);
    }

    @Test
    void treatsAnyOtherErrorAsUnavailable() {
        var unknown = new IllegalStateException("x");

        assertThat(PortErrors.laneFault(unknown).kind()).isEqualTo(LaneFault.Kind.UNAVAILABLE);
        assertThat(PortErrors.walException("append", PCHANNEL, unknown))
                .hasMessageContaining("IllegalStateException: x")
                .hasCause(unknown);
    }
}
