package io.seawall.node;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.wal.WalOpener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Opens logs at once and records the calls. Knobs: {@link #failWith}, {@link #hold}. */
public final class RecordingOpener implements WalOpener {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<StubWal> opened = new CopyOnWriteArrayList<>();
    private final List<Runnable> held = new ArrayList<>(); // guarded by itself, as is holding
    private volatile @Nullable ErrorCode failure;
    private boolean holding;

    /** Makes every following opening fail with this code; null ends it. */
    public void failWith(@Nullable ErrorCode code) {
        failure = code;
    }

    /** Makes every following opening wait for {@link #letGo}. */
    public void hold() {
        synchronized (held) {
            holding = true;
        }
    }

    /** Ends the openings that wait. */
    public void letGo() {
        synchronized (held) {
            holding = false;
            held.forEach(Runnable::run);
            held.clear();
        }
    }

    /** Returns every call so far, as in {@code orders-0@7}. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    public StubWal last() {
        return opened.get(opened.size() - 1);
    }

    public static WalException error(ErrorCode code) {
        return Problem.of(code, "open a log").found("a fault knob").exception();
    }

    @Override
    public Opening open(PChannel pchannel, long term) {
        asked.add(pchannel + "@" + term);
        var result = new CompletableFuture<FlushableWal>();
        synchronized (held) {
            if (holding) {
                held.add(() -> end(pchannel, term, result));
            } else {
                end(pchannel, term, result);
            }
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

    private void end(PChannel pchannel, long term, CompletableFuture<FlushableWal> result) {
        var code = failure;
        if (code != null) {
            result.completeExceptionally(error(code));
        } else {
            var log = new StubWal(pchannel, term);
            opened.add(log);
            result.complete(log);
        }
    }

    @Override
    public void close() {}
}
