package io.seawall.lifetime;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.wal.WalOpener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Opens at once, unless a knob changes that: {@link #hold} keeps an opening pending until {@link #succeed} or {@link #fail};
 * {@link #failWith} and {@link #throwing} make every opening fail. A held opening ends when cancelled, unless
 * {@link #ignoreCancel} is set.
 */
final class FakeOpener implements WalOpener {
    private record Key(PChannel pchannel, long term) {}

    private final Journal journal;
    private final Map<Key, CompletableFuture<FlushableWal>> held = new ConcurrentHashMap<>();
    private final List<FakeWal> opened = new CopyOnWriteArrayList<>();
    private final List<PChannel> holding = new CopyOnWriteArrayList<>();
    private final List<PChannel> deaf = new CopyOnWriteArrayList<>();
    private final CountDownLatch heard = new CountDownLatch(1);
    private volatile boolean ignoreCancel;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Throwable thrown;
    private volatile boolean nothing;
    private volatile boolean closesHang;
    private volatile boolean callHangs;
    private volatile long termOffset;

    FakeOpener(Journal journal) {
        this.journal = journal;
    }

    void hold(PChannel pchannel) {
        holding.add(pchannel);
    }

    void release(PChannel pchannel) {
        holding.remove(pchannel);
    }

    void ignoreCancel() {
        ignoreCancel = true;
    }

    /** Every opening fails with this; null ends it. */
    void failWith(@Nullable Throwable error) {
        failure = error;
    }

    /** The call itself throws, against the contract; null ends it. */
    void throwing(@Nullable Throwable error) {
        thrown = error;
    }

    /** The call itself hangs, against the contract, until it is interrupted. */
    void callHangs() {
        callHangs = true;
    }

    /** The call for a pchannel hangs and ignores interrupts until {@link #hear}. */
    void deafFor(PChannel pchannel) {
        deaf.add(pchannel);
    }

    void hear() {
        heard.countDown();
    }

    /** The call returns null, against the contract. */
    void givesNull() {
        nothing = true;
    }

    /** Logs opened from now on hang when closed. */
    void closesHang(boolean value) {
        closesHang = value;
    }

    /** Opens logs at another term than requested, against the contract. */
    void termOffset(long value) {
        termOffset = value;
    }

    FakeWal succeed(PChannel pchannel, long term) {
        var pending = pending(pchannel, term);
        var wal = newWal(pchannel, term);
        pending.complete(wal);
        return wal;
    }

    /** Completes the openings of a pchannel that are still held. */
    void finish(PChannel pchannel) {
        held.forEach((key, future) -> {
            if (key.pchannel().equals(pchannel)) {
                future.complete(newWal(pchannel, key.term()));
            }
        });
    }

    void fail(PChannel pchannel, long term, Throwable error) {
        pending(pchannel, term).completeExceptionally(error);
    }

    void awaitStarted(PChannel pchannel, long term) {
        var unused = pending(pchannel, term);
    }

    List<FakeWal> opened() {
        return List.copyOf(opened);
    }

    FakeWal wal(PChannel pchannel, long term) {
        return opened.stream()
                .filter(wal -> wal.pchannel().equals(pchannel) && wal.term() == term)
                .findFirst()
                .orElseThrow();
    }

    @Override
    @SuppressWarnings("NullAway") // a knob breaks the contract on purpose
    public Opening open(PChannel pchannel, long term) {
        journal.add("open " + pchannel + " " + term);
        throwIfAsked();
        if (callHangs) {
            Hang.untilInterrupted();
        }
        if (deaf.contains(pchannel)) {
            Hang.deafUntil(heard);
        }
        if (nothing) {
            return null;
        }
        var future = new CompletableFuture<FlushableWal>();
        if (failure != null) {
            future.completeExceptionally(failure);
        } else if (holding.contains(pchannel)) {
            var unused = held.put(new Key(pchannel, term), future);
        } else {
            future.complete(newWal(pchannel, term + termOffset));
        }
        return new FakeOpening(pchannel, term, future);
    }

    private void throwIfAsked() {
        var error = thrown;
        if (error instanceof Error bug) {
            throw bug;
        }
        if (error instanceof RuntimeException exception) {
            throw exception;
        }
    }

    @Override
    public void close() {
        journal.add("close opener");
    }

    private FakeWal newWal(PChannel pchannel, long term) {
        var wal = new FakeWal(pchannel, term, journal);
        opened.add(closesHang ? wal.closeHangs() : wal);
        return wal;
    }

    private CompletableFuture<FlushableWal> pending(PChannel pchannel, long term) {
        return Awaitility.await()
                .atMost(Waits.BOUND)
                .until(() -> held.get(new Key(pchannel, term)), future -> future != null);
    }

    private final class FakeOpening implements Opening {
        private final PChannel pchannel;
        private final long term;
        private final CompletableFuture<FlushableWal> wal;

        FakeOpening(PChannel pchannel, long term, CompletableFuture<FlushableWal> wal) {
            this.pchannel = pchannel;
            this.term = term;
            this.wal = wal;
        }

        @Override
        public CompletableFuture<FlushableWal> wal() {
            return wal;
        }

        @Override
        public void cancel() {
            journal.add("cancel " + pchannel + " " + term);
            if (!ignoreCancel) {
                wal.completeExceptionally(cancelled());
            }
        }

        private WalException cancelled() {
            return Errors.unavailable("the opening was cancelled");
        }
    }
}
