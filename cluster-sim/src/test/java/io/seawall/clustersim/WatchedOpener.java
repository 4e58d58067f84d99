package io.seawall.clustersim;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.FlushProgress;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.wal.WalOpener;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Opens logs, tells the judge, and knows which logs of a process are open. */
final class WatchedOpener implements WalOpener {
    private static final long CLOSE_US = 8_000_000;

    private final World world;
    private final SimMember member;
    private final WalOpener opener;
    private final CountedLanes lanes;
    private final Map<PChannel, Long> open = new TreeMap<>();

    WatchedOpener(World world, SimMember member, WalOpener opener, CountedLanes lanes) {
        this.world = world;
        this.member = member;
        this.opener = opener;
        this.lanes = lanes;
    }

    /** Returns the logs that are open, with their terms. */
    Map<PChannel, Long> open() {
        return open;
    }

    @Override
    public Opening open(PChannel pchannel, long term) {
        world.judge().onOpening(member, pchannel, term);
        var opening = opener.open(pchannel, term);
        var wal = opening.wal().thenApply(opened -> watch(opened));
        return new Opening() {
            @Override
            public CompletableFuture<FlushableWal> wal() {
                return wal;
            }

            @Override
            public void cancel() {
                opening.cancel();
            }
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private FlushableWal watch(FlushableWal wal) {
        open.put(wal.pchannel(), wal.term());
        world.judge().onOpened(member, wal.pchannel(), wal.term());
        wal.ended().whenComplete((why, error) -> {
            world.judge().onEnded(member, wal.pchannel(), why);
            open.remove(wal.pchannel(), wal.term());
        });
        return new Watched(wal);
    }

    @Override
    public void close() {
        opener.close();
    }

    /** A log whose {@link #close} blocks as in a thread of its own: the rest of the simulation goes on meanwhile. */
    private final class Watched implements FlushableWal {
        private final FlushableWal wal;

        Watched(FlushableWal wal) {
            this.wal = wal;
        }

        @Override
        public void close() {
            var process = member.process();
            world.loop().runFor(200);
            process.blockInNextTask(() -> {
                world.loop().runUntil(() -> lanes.isClosed(pchannel()) || process.isKilled(), CLOSE_US);
                world.loop().runFor(2_000);
                // The caller, which now waits for the end, gives up at once instead of after real seconds.
                Thread.currentThread().interrupt();
            });
            Thread.currentThread().interrupt();
            wal.close();
            var unused = Thread.interrupted();
            process.blockInNextTask(() -> {});
            world.loop().runUntil(() -> process.isRunning() || process.isKilled(), Long.MAX_VALUE / 4);
            open.remove(pchannel(), term());
        }

        @Override
        public FlushProgress progress() {
            return wal.progress();
        }

        @Override
        public long committed() {
            return wal.committed();
        }

        @Override
        public CompletableFuture<Long> commit() {
            return wal.commit();
        }

        @Override
        public PChannel pchannel() {
            return wal.pchannel();
        }

        @Override
        public long term() {
            return wal.term();
        }

        @Override
        public long epoch() {
            return wal.epoch();
        }

        @Override
        public String logId() {
            return wal.logId();
        }

        @Override
        public CompletableFuture<Appended> append(AppendRequest request) {
            return wal.append(request);
        }

        @Override
        public long tail() {
            return wal.tail();
        }

        @Override
        public long oldest() {
            return wal.oldest();
        }

        @Override
        public CompletableFuture<Long> checkTail() {
            return wal.checkTail();
        }

        @Override
        public CompletableFuture<Long> trim(long before) {
            return wal.trim(before);
        }

        @Override
        public CompletableFuture<WalException> ended() {
            return wal.ended();
        }
    }
}
