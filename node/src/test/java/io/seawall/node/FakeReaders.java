package io.seawall.node;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Returns tails. No log can be read at the moment, so that a flusher behind them tries again. Knob: {@link #failWith}. */
final class FakeReaders implements WalReaders {
    private final Map<PChannel, Long> tails = new HashMap<>();
    private final Map<PChannel, ErrorCode> failures = new HashMap<>();
    private @Nullable ErrorCode failure;
    private int asked;
    private Runnable onBounds = () -> {};

    void tail(PChannel pchannel, long tail) {
        tails.put(pchannel, tail);
    }

    void failWith(@Nullable ErrorCode code) {
        failure = code;
    }

    /** One log from now on. */
    void failWith(PChannel pchannel, ErrorCode code) {
        failures.put(pchannel, code);
    }

    /** Runs at each request of bounds from now on. */
    void onBounds(Runnable action) {
        onBounds = action;
    }

    /** Returns how often bounds were requested. */
    int asked() {
        return asked;
    }

    @Override
    public WalReader open(PChannel pchannel, StartPosition from, View view) {
        throw RecordingOpener.error(ErrorCode.UNAVAILABLE);
    }

    @Override
    public String logId(PChannel of) {
        return "the-log";
    }

    @Override
    public LogBounds bounds(PChannel pchannel, View view) {
        asked++;
        onBounds.run();
        var code = failures.getOrDefault(pchannel, failure);
        if (code != null) {
            throw RecordingOpener.error(code);
        }
        return new LogBounds(0, tails.getOrDefault(pchannel, 0L));
    }

    @Override
    public void close() {}
}
