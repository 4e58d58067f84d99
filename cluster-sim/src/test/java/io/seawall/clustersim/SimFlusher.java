package io.seawall.clustersim;

import io.seawall.flusher.Flusher;
import io.seawall.flusher.FlusherEvents;
import io.seawall.flusher.FlusherSettings;
import io.seawall.lifetime.FlusherHook;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReaders;
import java.util.Set;

/** The flusher of one process: the real one, on simulated threads and a simulated store. */
final class SimFlusher implements FlusherHook {
    /** Errors that no fault of the simulation excuses. */
    private static final Set<ErrorCode> BUGS = Set.of(ErrorCode.INTERNAL, ErrorCode.DATA_LOSS, ErrorCode.INVALID);

    private final World world;
    private final SimMember member;
    private final Flusher flusher;

    SimFlusher(World world, SimMember member, StorePort store, WalReaders readers, FlusherSettings settings) {
        this.world = world;
        this.member = member;
        var process = member.process();
        this.flusher = new Flusher(
                store,
                new FlushReaders(readers),
                settings,
                new Events(),
                new Flusher.Platform(
                        member::wall,
                        () -> process.elapsedMs() * 1_000_000,
                        world.random(),
                        new FlushThreads(world, process)));
    }

    @Override
    public void register(FlushableWal wal) {
        flusher.register(wal);
    }

    @Override
    public void unregister(FlushableWal wal) {
        flusher.unregister(wal);
    }

    /** A person asks for a flush: everything that was acknowledged before must then be in segments. */
    void flush(Wal wal) {
        var pchannel = wal.pchannel();
        var tail = wal.tail();
        World.listen(flusher.flush(pchannel), (flushed, error) -> {
            if (flushed != null) {
                world.count("flushes");
                var end = world.segments().end(pchannel);
                world.check(
                        flushed >= tail && flushed <= end,
                        () -> "segments: " + member.self() + " answers a flush of " + pchannel + " up to " + tail
                                + " with " + flushed + ", but the segments end at " + end);
            } else if (!member.process().isKilled()) {
                var known = error instanceof WalException problem && !BUGS.contains(problem.code());
                world.check(known, () -> "a flush of " + pchannel + " ends with " + error);
            }
        });
    }

    /** Returns why a log is not flushed or not trimmed at present; empty if nothing is wrong. */
    String trouble(PChannel pchannel) {
        var status = flusher.status(pchannel);
        return status.isEmpty()
                ? "it is not registered"
                : status.get().error().map(Throwable::getMessage).orElse("")
                        + status.get()
                                .trouble()
                                .trimError()
                                .map(Throwable::getMessage)
                                .orElse("");
    }

    /** Removes its files, after the run. */
    void close() {
        flusher.close();
    }

    private final class Events implements FlusherEvents {
        @Override
        public void failed(PChannel pchannel, ErrorCode code) {
            // Every call of a process that was killed fails.
            if (!member.process().isKilled()) {
                world.count("flushing failed: " + code);
                world.tell(() -> "flushing " + pchannel + " at " + member.self() + " failed: " + code);
                world.check(
                        !BUGS.contains(code),
                        () -> "segments: flushing " + pchannel + " at " + member.self() + " fails with " + code + ": "
                                + trouble(pchannel));
            }
        }

        @Override
        public void trimmed(PChannel pchannel, boolean done) {
            if (!member.process().isKilled()) {
                world.count(done ? "trims" : "trims that failed");
            }
        }
    }
}
