package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Records which logs are registered. Knobs: register or unregister throws, or hangs until interrupted. */
final class FakeFlusher implements FlusherHook {
    private final Journal journal;
    private final Set<FlushableWal> registered = ConcurrentHashMap.newKeySet();
    private volatile @Nullable RuntimeException registerFailure;
    private volatile @Nullable RuntimeException unregisterFailure;
    private volatile boolean registerHangs;
    private volatile boolean unregisterHangs;
    private volatile @Nullable Runnable whileRegistering;
    private volatile @Nullable Runnable whileUnregistering;

    FakeFlusher(Journal journal) {
        this.journal = journal;
    }

    void registerFails(@Nullable RuntimeException error) {
        registerFailure = error;
    }

    void unregisterFails(@Nullable RuntimeException error) {
        unregisterFailure = error;
    }

    void registerHangs() {
        registerHangs = true;
    }

    void unregisterHangs() {
        unregisterHangs = true;
    }

    void whileRegistering(Runnable action) {
        whileRegistering = action;
    }

    void whileUnregistering(Runnable action) {
        whileUnregistering = action;
    }

    Set<FlushableWal> registered() {
        return Set.copyOf(registered);
    }

    @Override
    public void register(FlushableWal wal) {
        journal.add("register " + wal.pchannel() + " " + wal.term());
        if (registerHangs) {
            Hang.untilInterrupted();
        }
        if (registerFailure != null) {
            throw registerFailure;
        }
        var action = whileRegistering;
        if (action != null) {
            action.run();
        }
        registered.add(wal);
    }

    @Override
    public void unregister(FlushableWal wal) {
        journal.add("unregister " + wal.pchannel() + " " + wal.term());
        registered.remove(wal);
        var action = whileUnregistering;
        if (action != null) {
            action.run();
        }
        if (unregisterHangs) {
            Hang.untilInterrupted();
        }
        if (unregisterFailure != null) {
            throw unregisterFailure;
        }
    }
}
