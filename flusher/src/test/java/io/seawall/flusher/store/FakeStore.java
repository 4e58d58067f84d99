package io.seawall.flusher.store;

import io.seawall.flusher.segment.SegmentKey;
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
import java.util.concurrent.ConcurrentSkipListMap;

/** A store in memory, for tests that files would make slow. */
public final class FakeStore implements SegmentStore {
    private final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public List<PChannel> pchannels() {
        return objects.keySet().stream()
                .map(path -> path.split("/"))
                .map(parts -> new PChannel(parts[0], Integer.parseInt(parts[1])))
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public List<SegmentKey> list(PChannel pchannel, long above) {
        return objects.keySet().stream()
                .filter(path -> path.startsWith(SegmentKey.folder(pchannel) + "/"))
                .map(path -> SegmentKey.ofFileName(pchannel, path.substring(path.lastIndexOf('/') + 1)))
                .flatMap(Optional::stream)
                .filter(key -> key.firstLsn() > above)
                .toList();
    }

    @Override
    public Optional<SegmentKey> last(PChannel pchannel) {
        var keys = list(pchannel, -1);
        return keys.isEmpty() ? Optional.empty() : Optional.of(keys.get(keys.size() - 1));
    }

    @Override
    public PutResult publish(SegmentKey key, Path file) throws IOException {
        return objects.putIfAbsent(key.path(), Files.readAllBytes(file)) == null
                ? PutResult.PUBLISHED
                : PutResult.EXISTS;
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
        var object = objects.get(key.path());
        if (object == null) {
            throw new NoSuchFileException(key.path());
        }
        return object;
    }

    @Override
    public void delete(SegmentKey key) {
        objects.remove(key.path());
    }

    @Override
    public String storeId() {
        return "a-store-in-memory";
    }

    @Override
    public String describe(SegmentKey key) {
        return "memory/" + key.path();
    }
}
