package io.seawall.cli.append;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.Header;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppendBatchTest {
    private static final RecordTemplate PLAIN = new RecordTemplate(null, List.of());

    @Test
    void takesAThousandRecordsAndNoMore() {
        var batch = new AppendBatch(PLAIN);
        for (var i = 0; i < AppendBatch.MAX_RECORDS; i++) {
            assertThat(batch.fits(1)).isTrue();
            batch.add(new byte[] {1}, 0, 1);
        }
        assertThat(batch.fits(0)).isFalse();
    }

    @Test
    void takesOneMebibyteAndNoMore() {
        var batch = new AppendBatch(PLAIN);
        var half = new byte[AppendBatch.MAX_BYTES / 2];
        batch.add(half, 0, half.length);
        assertThat(batch.fits(half.length)).isTrue();
        assertThat(batch.fits(half.length + 1)).isFalse();
    }

    @Test
    void countsKeyAndHeadersOfEachRecord() {
        var batch = new AppendBatch(new RecordTemplate(new byte[100], List.of(new Header("h", new byte[99]))));
        batch.add(new byte[0], 0, 0);
        assertThat(batch.bytes()).isEqualTo(200);
        assertThat(batch.fits(AppendBatch.MAX_BYTES - 400)).isTrue();
        assertThat(batch.fits(AppendBatch.MAX_BYTES - 399)).isFalse();
    }

    @Test
    void takesOneRecordOfAnySize() {
        assertThat(new AppendBatch(PLAIN).fits(10 * AppendBatch.MAX_BYTES)).isTrue();
    }
}
