package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WalRecordTest {
    @Test
    void sizeCountsKeyValueAndHeadersInBytes() {
        var record = new WalRecord(
                new byte[3], new byte[100], List.of(new Header("\u00e9", new byte[4]), new Header("b", null)));

        assertThat(record.sizeBytes()).isEqualTo(3 + 100 + (2 + 4 + 10) + (1 + 10));
    }

    @Test
    void aSizeBeyondAnIntIsTheLargestInt() {
        var value = new byte[1 << 24];

        var record = new WalRecord(value, value, Collections.nCopies(192, new Header("h", value)));

        assertThat(record.sizeBytes()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aKeyWithHalfASurrogatePairCannotBeEncoded() {
        assertThat(new Header("\ud83d\ude00 trace", null).isEncodable()).isTrue();
        assertThat(new Header("", null).isEncodable()).isTrue();
        assertThat(new Header("trace\ud83d", null).isEncodable()).isFalse();
        assertThat(new Header("\ude00\ud83d", null).isEncodable()).isFalse();
    }

    @Test
    void nullAndEmptyAreDifferent() {
        assertThat(WalRecord.of(new byte[0])).isNotEqualTo(new WalRecord(null, null, List.of()));
        assertThat(new Header("a", null)).isNotEqualTo(new Header("a", new byte[0]));
    }

    @Test
    void onlyOurOwnHeaderNamesAreReserved() {
        assertThat(new Header("wal", null).isReserved()).isTrue();
        assertThat(new Header("wal-w", null).isReserved()).isTrue();
        assertThat(new Header("wallet", null).isReserved()).isFalse();
        assertThat(new Header("Wal", null).isReserved()).isFalse();
    }
}
