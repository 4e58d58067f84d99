package io.seawall.flusher;

import io.seawall.wal.FlushProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Progress in memory; the test decides when a binding completes. */
final class FakeProgress implements FlushProgress {
    private final List<Long> reports = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private @Nullable String storeId;
    private @Nullable CompletableFuture<Void> bindGate;
    private int binds;

    /** Sets the store that the log's snapshot names. */
    synchronized void name(String id) {
        storeId = id;
    }

    /** Delays the commit of bindings until the gate opens. */
    synchronized void holdBinds(CompletableFuture<Void> gate) {
        bindGate = gate;
    }

    synchronized int binds() {
        return binds;
    }

    synchronized List<Long> reports() {
        return List.copyOf(reports);
    }

    @Override
    public synchronized Optional<String> storeId() {
        return Optional.ofNullable(storeId);
    }

    @Override
    public synchronized CompletableFuture<Void> bindStore(String id) {
        binds++;
        var gate = bindGate == null ? CompletableFuture.<Void>completedFuture(null) : bindGate;
        return gate.thenRun(() -> name(id));
    }

    /** Returns the reported offsets. */
    synchronized List<Long> offsets() {
        return List.copyOf(offsets);
    }

    @Override
    public CompletableFuture<Void> flushed(long nextLsn) {
        return flushed(nextLsn, -1);
    }

    @Override
    public synchronized CompletableFuture<Void> flushed(long nextLsn, long nextOffset) {
        reports.add(nextLsn);
        offsets.add(nextOffset);
        return CompletableFuture.completedFuture(null);
    }
}
