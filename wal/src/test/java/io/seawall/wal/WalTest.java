package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests the default methods. */
class WalTest {
    private static final byte[] VALUE = {1, 2};

    private final RecordingWal wal = new RecordingWal();

    @Test
    void appendsABatchWithoutConditions() {
        var batch = List.of(WalRecord.of(VALUE), WalRecord.of(new byte[0]));

        assertThat(wal.append(batch)).isCompletedWithValue(new Appended(3, 7, 8));

        assertThat(wal.requests).containsExactly(new AppendRequest(batch, null, null));
    }

    @Test
    void appendsARecordAsABatchOfOne() {
        var record = new WalRecord(VALUE, null, List.of(new Header("h", VALUE)));

        assertThat(wal.append(record)).isCompletedWithValue(new Appended(3, 7, 7));

        assertThat(wal.requests).containsExactly(AppendRequest.of(List.of(record)));
    }

    @Test
    void appendsAValueAsARecordWithoutKeyAndHeaders() {
        assertThat(wal.append(VALUE)).isCompletedWithValue(new Appended(3, 7, 7));

        assertThat(wal.requests).containsExactly(AppendRequest.of(List.of(new WalRecord(null, VALUE, List.of()))));
    }

    /** A log at term 3 with tail 7 that only keeps requests. */
    private static final class RecordingWal implements Wal {
        private final List<AppendRequest> requests = new ArrayList<>();

        @Override
        public CompletableFuture<Appended> append(AppendRequest request) {
            requests.add(request);
            return CompletableFuture.completedFuture(
                    new Appended(term(), tail(), tail() + request.batch().size() - 1));
        }

        @Override
        public PChannel pchannel() {
            return new PChannel("orders", 0);
        }

        @Override
        public long term() {
            return 3;
        }

        @Override
        public long epoch() {
            return 0;
        }

        @Override
        public String logId() {
            return "the-log";
        }

        @Override
        public long tail() {
            return 7;
        }

        @Override
        public long oldest() {
            return 0;
        }

        @Override
        public CompletableFuture<Long> checkTail() {
            return CompletableFuture.completedFuture(tail());
        }

        @Override
        public CompletableFuture<Long> trim(long before) {
            return CompletableFuture.completedFuture(oldest());
        }

        @Override
        public CompletableFuture<WalException> ended() {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {}
    }
}
