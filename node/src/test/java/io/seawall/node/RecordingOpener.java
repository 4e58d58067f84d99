package io.seawall.node;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.wal.WalOpener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Opens logs at once and records the calls. Knob: {@link #failWith}. */
public final class RecordingOpener implements WalOpener {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<StubWal> opened = new CopyOnWriteArrayList<>();
    private volatile @Nullable ErrorCode failure;

    /** Makes every following opening fail with this code; null ends it. */
    void failWith(@Nullable ErrorCode code) {
        failure = code;
    }

    /** Returns every call so far, as in {@code orders-0@7}. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    StubWal last() {
        return opened.get(opened.size() - 1);
    }

    public static WalException error(ErrorCode code) {
        return Problem.of(code, "open a log").found("a fault knob").exception();
    }

    @Override
    public Opening open(PChannel pchannel, long term) {
        asked.add(pchannel + "@" + term);
        var code = failure;
        var result = new CompletableFuture<FlushableWal>();
        if (code != null) {
            result.completeExceptionally(error(code));
        } else {
            var log = new StubWal(pchannel, term);
            opened.add(log);
            result.complete(log);
        }
        return new Opening() {
            @Override
            public CompletableFuture<FlushableWal> wal() {
                return result;
            }

            @Override
            public void cancel() {}
        };
    }

    @Override
    public void close() {}
}
