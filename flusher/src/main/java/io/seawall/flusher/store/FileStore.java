package io.seawall.flusher.store;

import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.SegmentHeader;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A read-only store with one segment, a file; its header gives the segment's name. Immutable. */
final class FileStore implements SegmentStore {
    private final Path file;
    private final SegmentKey key;

    private FileStore(Path file, SegmentKey key) {
        this.file = file;
        this.key = key;
    }

    /**
     * Reads the header.
     *
     * @throws WalException with NOT_FOUND if there is no such file, DATA_LOSS if it is not a segment, UNAVAILABLE if it cannot
     *     be read
     */
    static FileStore of(Path file) {
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            return new FileStore(file, SegmentHeader.read(in).key());
        } catch (NoSuchFileException e) {
            throw problem(ErrorCode.NOT_FOUND, file, "no such file", e);
        } catch (MalformedSegmentException e) {
            throw problem(ErrorCode.DATA_LOSS, file, e.problem(), e);
        } catch (IOException e) {
            throw problem(ErrorCode.UNAVAILABLE, file, FutureErrors.text(e), e);
        }
    }

    private static WalException problem(ErrorCode code, Path file, String found, IOException cause) {
        return Problem.of(code, "read " + file)
                .found(found)
                .expected("a segment, as docs/segments.md describes it")
                .cause(cause)
                .exception();
    }

    PChannel pchannel() {
        return key.pchannel();
    }

    @Override
    public List<PChannel> pchannels() {
        return List.of(key.pchannel());
    }

    @Override
    public List<SegmentKey> list(PChannel pchannel, long above) {
        return pchannel.equals(key.pchannel()) && key.firstLsn() > above ? List.of(key) : List.of();
    }

    @Override
    public Optional<SegmentKey> last(PChannel pchannel) {
        return list(pchannel, -1).stream().findFirst();
    }

    @Override
    public InputStream open(SegmentKey segment, long fromByte) throws IOException {
        var in = Files.newInputStream(file);
        try {
            in.skipNBytes(fromByte);
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    @Override
    public long sizeBytes(SegmentKey segment) throws IOException {
        return Files.size(file);
    }

    @Override
    public PutResult publish(SegmentKey segment, Path content) {
        throw new UnsupportedOperationException("cannot publish to a single file");
    }

    @Override
    public void delete(SegmentKey segment) {
        throw new UnsupportedOperationException("cannot delete a file that was opened for reading");
    }

    @Override
    public String storeId() {
        throw new UnsupportedOperationException("cannot bind a log to a single file");
    }

    @Override
    public String describe(SegmentKey segment) {
        return file.toString();
    }
}
