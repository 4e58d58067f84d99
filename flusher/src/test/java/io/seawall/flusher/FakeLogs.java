package io.seawall.flusher;

import io.seawall.wal.LogBounds;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Many logs in memory. */
final class FakeLogs implements WalReaders {
    private final Map<PChannel, FakeLog> logs;

    FakeLogs(int count) {
        logs = IntStream.range(0, count)
                .mapToObj(partition -> new PChannel("many", partition))
                .collect(Collectors.toMap(Function.identity(), FakeLog::new));
    }

    Map<PChannel, FakeLog> all() {
        return logs;
    }

    int openReaders() {
        return logs.values().stream().mapToInt(FakeLog::openReaders).sum();
    }

    int readersOpened() {
        return logs.values().stream().mapToInt(FakeLog::readersOpened).sum();
    }

    private FakeLog log(PChannel pchannel) {
        return Objects.requireNonNull(logs.get(pchannel));
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        return log(pchannel).open(pchannel, from, view);
    }

    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        return log(pchannel).bounds(pchannel, view);
    }

    @Override
    public String logId(PChannel pchannel) {
        return log(pchannel).logId(pchannel);
    }

    @Override
    public void close() {}
}
