package io.seawall.benchmarks.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.benchmarks.measure.Clock;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import io.seawall.wal.WalRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TieredReadTest {
    private static final PChannel LOG = new PChannel("orders", 0);

    private long nanos;
    private long records = 10;

    @Test
    void measuresTheWholeReadThePartInSegmentsAndThePauseBetween() {
        var read = TieredRead.of(new OneAtATime(), LOG, View.LIVE, 10, 6, clock());

        assertThat(read.seconds()).isEqualTo(10);
        assertThat(read.seamSeconds()).isEqualTo(7);
        assertThat(read.seamPauseMs()).isEqualTo(1000);
        assertThat(read.longestPauseMs()).isEqualTo(1000);
        assertThat(read.hash()).hasSize(64);
    }

    @Test
    void endsWhenNothingComes() {
        records = 4;

        assertThatThrownBy(() -> TieredRead.of(new OneAtATime(), LOG, View.LIVE, 10, 6, clock()))
                .hasMessageContaining("at LSN 4 of 10");
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public long nanos() {
                return nanos;
            }

            @Override
            public void pass(long time) {
                nanos += time;
            }
        };
    }

    /** A log whose polls take a second and return one record each. */
    private final class OneAtATime implements WalReaders, WalReader {
        private long next;

        @Override
        public WalReader open(PChannel pchannel, StartPosition from, View view) {
            return this;
        }

        @Override
        public List<LogRecord> poll(PollLimits limits, Duration wait) {
            nanos += Duration.ofSeconds(1).toNanos();
            return next == records ? List.of() : List.of(new LogRecord(next, 1, 0, next++, WalRecord.of(new byte[1])));
        }

        @Override
        public long nextLsn() {
            return next;
        }

        @Override
        public PChannel pchannel() {
            return LOG;
        }

        @Override
        public LogBounds bounds(PChannel pchannel, View view) {
            return new LogBounds(0, records);
        }

        @Override
        public String logId(PChannel pchannel) {
            return "the-log";
        }

        @Override
        public void close() {}
    }
}
