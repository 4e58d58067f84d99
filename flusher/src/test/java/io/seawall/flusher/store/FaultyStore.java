package io.seawall.flusher.store;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A store that fails on demand, in front of a real one. */
public final class FaultyStore implements SegmentStore {
    /** Runs after the caller decided to put and before the put. */
    public interface Hook {
        void run() throws IOException;
    }

    private final SegmentStore store;
    private int failuresBeforePut;
    private int lostAnswers;
    private int failuresOfLast;
    private int puts;
    private long undeletable = -1;
    private Hook beforePut = () -> {};

    public FaultyStore(SegmentStore store) {
        this.store = store;
    }

    public void failNextPuts(int count) {
        failuresBeforePut = count;
    }

    public void loseNextAnswers(int count) {
        lostAnswers = count;
    }

    public void failNextLooks(int count) {
        failuresOfLast = count;
    }

    public void beforeNextPut(Hook hook) {
        beforePut = hook;
    }

    /** Fails deletes of one object. */
    void refuseDeletesOf(long firstLsn) {
        undeletable = firstLsn;
    }

    public int puts() {
        return puts;
    }

    @Override
    public List<PChannel> pchannels() throws IOException {
        return store.pchannels();
    }

    @Override
    public List<SegmentKey> list(PChannel pchannel, long above) throws IOException {
        return store.list(pchannel, above);
    }

    @Override
    public Optional<SegmentKey> last(PChannel pchannel) throws IOException {
        if (failuresOfLast > 0) {
            failuresOfLast--;
            throw new IOException("planted: no answer to a list");
        }
        return store.last(pchannel);
    }

    @Override
    public PutResult publish(SegmentKey key, Path file) throws IOException {
        puts++;
        if (failuresBeforePut > 0) {
            failuresBeforePut--;
            throw new IOException("planted: put refused");
        }
        var hook = beforePut;
        beforePut = () -> {};
        hook.run();
        var result = store.publish(key, file);
        if (lostAnswers > 0) {
            lostAnswers--;
            throw new IOException("planted: answer lost");
        }
        return result;
    }

    @Override
    public InputStream open(SegmentKey key, long fromByte) throws IOException {
        return store.open(key, fromByte);
    }

    @Override
    public void delete(SegmentKey key) throws IOException {
        if (key.firstLsn() == undeletable) {
            throw new IOException("planted: no answer to a delete");
        }
        store.delete(key);
    }

    @Override
    public String storeId() throws IOException {
        return store.storeId();
    }

    @Override
    public long sizeBytes(SegmentKey key) throws IOException {
        return store.sizeBytes(key);
    }

    @Override
    public String describe(SegmentKey key) {
        return store.describe(key);
    }
}
