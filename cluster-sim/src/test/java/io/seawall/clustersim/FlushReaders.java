package io.seawall.clustersim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.Problem;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a flusher reads with. A read that begins inside another one of the same log, by a step of an earlier term, would wait for a
 * lock that its own thread holds: it fails instead.
 */
final class FlushReaders implements WalReaders {
    private final WalReaders readers;
    private final Set<PChannel> reading = new HashSet<>();

    FlushReaders(WalReaders readers) {
        this.readers = readers;
    }

    private <T> T alone(PChannel pchannel, Supplier<T> read) {
        if (!reading.add(pchannel)) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("another read of this process")
                    .exception();
        }
        try {
            return read.get();
        } finally {
            reading.remove(pchannel);
            var unused = Thread.interrupted();
        }
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        return new Alone(alone(pchannel, () -> readers.open(pchannel, from, view)));
    }

    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        return alone(pchannel, () -> readers.bounds(pchannel, view));
    }

    @Override
    public String logId(PChannel pchannel) {
        return alone(pchannel, () -> readers.logId(pchannel));
    }

    @Override
    public void close() {
        readers.close();
    }

    private final class Alone implements WalReader {
        private final WalReader reader;

        Alone(WalReader reader) {
            this.reader = reader;
        }

        @Override
        public PChannel pchannel() {
            return reader.pchannel();
        }

        @Override
        public long nextLsn() {
            return reader.nextLsn();
        }

        @Override
        public List<LogRecord> poll(PollLimits limits, Duration wait) {
            return alone(pchannel(), () -> reader.poll(limits, wait));
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
