package io.seawall.clustersim;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.wal.PChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The segment store that all processes share, as it is itself: without delays, and always there. */
final class SimStore implements SegmentStore {
    private final NavigableMap<SegmentKey, byte[]> objects = new TreeMap<>();

    /** Puts an object, unless one of that name exists. */
    PutResult put(SegmentKey key, byte[] content) {
        return objects.putIfAbsent(key, content) == null ? PutResult.PUBLISHED : PutResult.EXISTS;
    }

    @Override
    public PutResult publish(SegmentKey key, Path file) throws IOException {
        return put(key, Files.readAllBytes(file));
    }

    @Override
    public List<PChannel> pchannels() {
        return objects.keySet().stream().map(SegmentKey::pchannel).distinct().toList();
    }

    @Override
    public List<SegmentKey> list(PChannel pchannel, long above) {
        return objects.tailMap(new SegmentKey(pchannel, above + 1)).keySet().stream()
                .takeWhile(key -> key.pchannel().equals(pchannel))
                .toList();
    }

    @Override
    public Optional<SegmentKey> last(PChannel pchannel) {
        return Optional.ofNullable(objects.floorKey(new SegmentKey(pchannel, Long.MAX_VALUE)))
                .filter(key -> key.pchannel().equals(pchannel));
    }

    @Override
    public InputStream open(SegmentKey key, long fromByte) throws IOException {
        var in = new ByteArrayInputStream(object(key));
        in.skipNBytes(fromByte);
        return in;
    }

    @Override
    public long sizeBytes(SegmentKey key) throws IOException {
        return object(key).length;
    }

    private byte[] object(SegmentKey key) throws NoSuchFileException {
        var object = objects.get(key);
        if (object == null) {
            throw new NoSuchFileException(key.path());
        }
        return object;
    }

    @Override
    public void delete(SegmentKey key) {
        throw new UnsupportedOperationException("no flusher deletes a segment: " + key);
    }

    @Override
    public String storeId() {
        return "5ea0000000000001";
    }

    @Override
    public String describe(SegmentKey key) {
        return "memory/" + key.path();
    }
}
