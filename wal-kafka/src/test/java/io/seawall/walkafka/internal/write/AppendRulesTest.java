package io.seawall.walkafka.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.settings.WalSettings;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the limits on batches, records and headers. */
class AppendRulesTest {
    private final AppendRules rules =
            new AppendRules(new PChannel("orders", 3), new WalSettings.Limits(5_000, 10_000, 1_000));

    @Test
    void takesRecordsUpToTheLimit() {
        assertThat(rules.check(List.of(WalRecord.of(new byte[1_000])))).isNull();
    }

    @Test
    void refusesARecordOneByteAboveIt() {
        var error = broken(List.of(WalRecord.of(new byte[1]), WalRecord.of(new byte[1_001])));

        assertThat(error.code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(error.effect()).isEqualTo(Effect.NONE);
        assertThat(error).hasMessageContaining("record 1").hasMessageContaining("1001");
    }

    @Test
    void countsKeysAndHeadersToo() {
        var headers = List.of(new Header("trace", new byte[400]));

        var error = broken(List.of(new WalRecord(new byte[300], new byte[300], headers)));

        assertThat(error.code()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void takesNulls() {
        assertThat(rules.check(List.of(new WalRecord(null, null, List.of(new Header("h", null))))))
                .isNull();
    }

    @Test
    void refusesAnEmptyBatch() {
        assertThat(broken(List.of()).code()).isEqualTo(ErrorCode.INVALID);
    }

    @Test
    void takesAThousandRecordsAndNotOneMore() {
        var one = WalRecord.of(new byte[0]);

        assertThat(rules.check(Collections.nCopies(1_000, one))).isNull();
        assertThat(broken(Collections.nCopies(1_001, one)).code()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void refusesABatchThatIsLargerThanTheWindow() {
        var error = broken(Collections.nCopies(6, WalRecord.of(new byte[900])));

        assertThat(error.code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(error)
                .hasMessageContaining("5400")
                .hasMessageContaining("at most 5000 (wal.window.bytes)")
                .hasMessageContaining("smaller batches, or raise wal.window.bytes");
        assertThat(error.problem().numbers()).containsEntry("limit", 5_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "wal-", "wal-w"})
    void refusesReservedHeaders(String name) {
        var error = broken(List.of(new WalRecord(null, null, List.of(new Header(name, null)))));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining("'" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Wal", "wall", "my-wal", "wal_", ""})
    void takesHeadersThatOnlyLookLikeThem(String name) {
        assertThat(rules.check(List.of(new WalRecord(null, null, List.of(new Header(name, null))))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "trace\ud83d", "\ude00\ud83d", "\ud800\ud800\udc00"})
    void refusesAHeaderNameThatCannotBeWrittenAsUtf8(String name) {
        var error =
                broken(List.of(WalRecord.of(new byte[1]), new WalRecord(null, null, List.of(new Header(name, null)))));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error.effect()).isEqualTo(Effect.NONE);
        assertThat(error).hasMessageContaining("record 1").hasMessageContaining("surrogate");
        assertThat(error.getMessage()).doesNotContain(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d\ude00", "\ufffd", "\uffff", "\u0000", "gr\u00fc\u00df"})
    void takesEveryHeaderNameThatUtf8Has(String name) {
        assertThat(rules.check(List.of(new WalRecord(null, null, List.of(new Header(name, null))))))
                .isNull();
    }

    @Test
    void refusesARecordWhoseSizeIsBeyondAnInt() {
        var value = new byte[1 << 24];

        var error = broken(List.of(new WalRecord(null, null, Collections.nCopies(192, new Header("h", value)))));

        assertThat(error.code()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    private WalException broken(List<WalRecord> batch) {
        return Objects.requireNonNull(rules.check(batch));
    }
}
