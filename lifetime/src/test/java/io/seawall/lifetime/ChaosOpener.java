package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalOpener;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Opens after a delay and sometimes fails; some of its logs end by themselves. A seed decides. */
final class ChaosOpener implements WalOpener {
    private static final int LONGEST_OPENING_US = 2_000;
    private static final int LONGEST_LIFE_US = 20_000;

    private final Journal journal;
    private final Random random;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<FakeWal> opened = new CopyOnWriteArrayList<>();

    ChaosOpener(long seed, Journal journal) {
        this.random = new Random(seed);
        this.journal = journal;
    }

    List<FakeWal> opened() {
        return List.copyOf(opened);
    }

    @Override
    public Opening open(PChannel pchannel, long term) {
        var future = new CompletableFuture<FlushableWal>();
        after(LONGEST_OPENING_US, () -> finish(pchannel, term, future));
        return new Opening() {
            @Override
            public CompletableFuture<FlushableWal> wal() {
                return future;
            }

            @Override
            public void cancel() {
                future.completeExceptionally(Errors.unavailable("a cancelled opening"));
            }
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void finish(PChannel pchannel, long term, CompletableFuture<FlushableWal> future) {
        if (random.nextInt(5) == 0) {
            future.completeExceptionally(Errors.unavailable("bad luck"));
            return;
        }
        var wal = new FakeWal(pchannel, term, journal);
        opened.add(wal);
        if (!future.complete(wal)) {
            wal.close(); // cancelled meanwhile: the opener releases its log
        } else if (random.nextInt(2) == 0) {
            after(LONGEST_LIFE_US, () -> wal.end(Errors.fenced()));
        }
    }

    private void after(int longestUs, Runnable action) {
        var unused = timer.schedule(action, random.nextInt(longestUs), TimeUnit.MICROSECONDS);
    }
}
