package io.seawall.node.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusesTest {
    private static final Map<ErrorCode, Integer> TABLE = new EnumMap<>(Map.ofEntries(
            Map.entry(ErrorCode.NOT_FOUND, 404),
            Map.entry(ErrorCode.INVALID, 400),
            Map.entry(ErrorCode.TOO_LARGE, 413),
            Map.entry(ErrorCode.TAIL_MISMATCH, 412),
            Map.entry(ErrorCode.TRIMMED, 416),
            Map.entry(ErrorCode.BEYOND_TAIL, 416),
            Map.entry(ErrorCode.SEQUENCE_GAP, 409),
            Map.entry(ErrorCode.UNAUTHENTICATED, 401),
            Map.entry(ErrorCode.FORBIDDEN, 403),
            Map.entry(ErrorCode.TERM_EXPIRED, 409),
            Map.entry(ErrorCode.FENCED, 409),
            Map.entry(ErrorCode.SUPERSEDED, 409),
            Map.entry(ErrorCode.IGNORED, 409),
            Map.entry(ErrorCode.NOT_OWNER, 421),
            Map.entry(ErrorCode.OVERLOADED, 503),
            Map.entry(ErrorCode.UNAVAILABLE, 503),
            Map.entry(ErrorCode.SHUTTING_DOWN, 503),
            Map.entry(ErrorCode.OUTCOME_UNKNOWN, 504),
            Map.entry(ErrorCode.DATA_LOSS, 500),
            Map.entry(ErrorCode.FORGED, 500),
            Map.entry(ErrorCode.INTERNAL, 500)));

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasTheStatusOfTheDesign(ErrorCode code) {
        assertThat(Statuses.of(Problem.of(code, "do it"))).isEqualTo(TABLE.get(code));
    }

    @Test
    void aFullPchannelIsToldApartFromAFullNode() {
        var problem = Problem.of(ErrorCode.OVERLOADED, "append").pchannel(new PChannel("orders", 0));

        assertThat(Statuses.of(problem)).isEqualTo(429);
    }
}
