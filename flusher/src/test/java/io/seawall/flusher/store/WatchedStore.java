package io.seawall.flusher.store;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.PChannel;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A store that records its requests, in front of a real one. Knobs: it is down, holds reads back, cuts responses short.
 */
public final class WatchedStore implements SegmentStore {
    private final SegmentStore store;
    private final List<String> calls = new ArrayList<>(); // guarded by itself
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger openStreams = new AtomicInteger();
    private volatile boolean down;
    private volatile long cutAfterBytes;
    private volatile @Nullable CountDownLatch gate;

    public WatchedStore(SegmentStore store) {
        this.store = store;
    }

    public void down(boolean value) {
        down = value;
    }

    /** Cuts the next responses after this many bytes, with an error, or without one if {@code bytes} is negative. */
    public void cutNextAnswers(int count, long afterBytes) {
        cutAfterBytes = afterBytes;
        cuts.set(count);
    }

    public void holdReads(@Nullable CountDownLatch until) {
        gate = until;
    }

    /** Returns the requests since the last call. */
    public List<String> calls() {
        synchronized (calls) {
            var seen = List.copyOf(calls);
            calls.clear();
            return seen;
        }
    }

    long bytes() {
        return bytes.get();
    }

    public int openStreams() {
        return openStreams.get();
    }

    private void called(String what) throws IOException {
        synchronized (calls) {
            calls.add(what);
        }
        if (down) {
            throw new IOException("planted: the store is down");
        }
    }

    @Override
    public List<PChannel> pchannels() throws IOException {
        called("pchannels");
        return store.pchannels();
    }

    @Override
    public List<SegmentKey> list(PChannel pchannel, long above) throws IOException {
        called("list " + above);
        return store.list(pchannel, above);
    }

    @Override
    public Optional<SegmentKey> last(PChannel pchannel) throws IOException {
        called("last");
        return store.last(pchannel);
    }

    @Override
    public PutResult publish(SegmentKey key, Path file) throws IOException {
        return store.publish(key, file);
    }

    @Override
    public InputStream open(SegmentKey key, long fromByte) throws IOException {
        called("open " + key.firstLsn() + (fromByte == 0 ? "" : " within"));
        var held = gate;
        if (held != null) {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
        var in = store.open(key, fromByte);
        openStreams.incrementAndGet();
        if (cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            in = cut(in, cutAfterBytes);
        }
        return new Counted(in);
    }

    private static InputStream cut(InputStream in, long after) throws IOException {
        var first = in.readNBytes((int) Math.abs(after));
        in.close();
        return after < 0
                ? new ByteArrayInputStream(first)
                : new FilterInputStream(new ByteArrayInputStream(first)) {
                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        var count = super.read(buffer, offset, length);
                        if (count < 0) {
                            throw new IOException("planted: the answer was cut");
                        }
                        return count;
                    }
                };
    }

    @Override
    public long sizeBytes(SegmentKey key) throws IOException {
        called("size " + key.firstLsn());
        return store.sizeBytes(key);
    }

    @Override
    public void delete(SegmentKey key) throws IOException {
        store.delete(key);
    }

    @Override
    public String storeId() throws IOException {
        return store.storeId();
    }

    @Override
    public String describe(SegmentKey key) {
        return store.describe(key);
    }

    private final class Counted extends FilterInputStream {
        private boolean closed;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (down) {
                throw new IOException("planted: the store went down");
            }
            var count = in.read(buffer, offset, length);
            bytes.addAndGet(Math.max(0, count));
            return count;
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                openStreams.decrementAndGet();
            }
            in.close();
        }
    }
}
