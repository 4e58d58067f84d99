package io.seawall.walkafka.internal.serial;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.LaneFault;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PortErrorsTest {
    private static final PChannel PCHANNEL = PChannel.parse("a-0");

    @ParameterizedTest
    @EnumSource
    void translatesEveryKindOfFault(LaneFault.Kind kind) {
        var fault = new LaneFault(kind, new IllegalStateException("x"));

        var told = PortErrors.walException("append", PCHANNEL, new CompletionException(fault));

        assertThat(told.code()).isEqualTo(expected(kind));
        assertThat(told.problem().pchannel()).isEqualTo(PCHANNEL);
        assertThat(told).hasCause(fault.getCause());
    }

    private static ErrorCode expected(LaneFault.Kind kind) {
        return switch (kind) {
            case FENCED -> ErrorCode.FENCED;
            case TOO_LARGE -> ErrorCode.TOO_LARGE;
            case REFUSED -> ErrorCode.INVALID;
            case GONE -> ErrorCode.NOT_FOUND;
            case FORBIDDEN -> ErrorCode.INTERNAL;
            case UNAVAILABLE -> ErrorCode.UNAVAILABLE;
        };
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
                .hasMessageContaining("found x")
                .hasCause(unknown);
    }
}
