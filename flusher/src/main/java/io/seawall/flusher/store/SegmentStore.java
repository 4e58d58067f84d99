package io.seawall.flusher.store;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Stores segments. An object never changes once it exists. Calls block, have a time limit set by the implementation, and may
 * come from any thread and from any number of processes at once.
 *
 * <p>Every {@link IOException} counts as temporary: the flusher retries. An implementation checks on creation that its store
 * honours put-if-absent, and fails if it does not.
 */
public interface SegmentStore extends AutoCloseable {
    /**
     * The name, below the root, of the object that holds {@link #storeId()}. No topic has a dot in its name, so it never
     * conflicts with a topic's folder.
     */
    String STORE_ID = "store-id.txt";

    /** The form of a store's id. */
    Pattern STORE_ID_RULE = Pattern.compile("[0-9a-f]{16}");

    /** The result of a put. */
    enum PutResult {
        /** The object exists with our content and is durable. */
        PUBLISHED,
        /**
         * An object of that name existed before and is unchanged; it may be ours, if the answer to an earlier put was lost.
         */
        EXISTS
    }

    /**
     * Lists the logs that have segments here.
     *
     * @return the logs by name, ascending
     * @throws IOException if the store does not answer
     */
    List<PChannel> pchannels() throws IOException;

    /**
     * Lists a log's segments.
     *
     * @param pchannel the log
     * @param above only those whose first LSN is above this one; -1 for all
     * @return the segments by first LSN, ascending
     * @throws IOException if the store does not answer
     */
    List<SegmentKey> list(PChannel pchannel, long above) throws IOException;

    /**
     * Finds a log's last segment, which is durable.
     *
     * @param pchannel the log
     * @return the segment with the highest first LSN; empty if there is none
     * @throws IOException if the store does not answer
     */
    Optional<SegmentKey> last(PChannel pchannel) throws IOException;

    /**
     * Puts an object, atomically, unless one of that name exists: of all callers, at most one ever succeeds. With either
     * result, the object of that name is then complete and durable.
     *
     * @param key the name
     * @param file the content; not changed, not kept
     * @return whether our object was put
     * @throws IOException if it is not known whether the object was put
     */
    PutResult publish(SegmentKey key, Path file) throws IOException;

    /**
     * Reads an object from its beginning.
     *
     * @param key the name
     * @return its bytes, to be closed by the caller
     * @throws java.nio.file.NoSuchFileException if there is no such object
     * @throws IOException if the store does not answer
     */
    default InputStream open(SegmentKey key) throws IOException {
        return open(key, 0);
    }

    /**
     * Reads an object from an offset on.
     *
     * @param key the name
     * @param fromByte how many bytes to skip, at most the object's length
     * @return the bytes that follow, to be closed by the caller
     * @throws java.nio.file.NoSuchFileException if there is no such object
     * @throws IOException if the store does not answer
     */
    InputStream open(SegmentKey key, long fromByte) throws IOException;

    /**
     * Returns the length of an object.
     *
     * @param key the name
     * @return its length in bytes
     * @throws java.nio.file.NoSuchFileException if there is no such object
     * @throws IOException if the store does not answer
     */
    long sizeBytes(SegmentKey key) throws IOException;

    /**
     * Deletes an object.
     *
     * @param key the name; one that does not exist is not an error
     * @throws IOException if it is not known whether it is gone
     */
    void delete(SegmentKey key) throws IOException;

    /**
     * Returns the id of this store: a random text that the store itself keeps, created on the first request. All processes get
     * the same id.
     *
     * @return the id
     * @throws IOException if the store does not answer
     */
    String storeId() throws IOException;

    /** Returns the location of an object in a form that helps a person find it. */
    String describe(SegmentKey key);

    /** Releases local resources such as connections. May be called more than once. */
    @Override
    default void close() {}
}
