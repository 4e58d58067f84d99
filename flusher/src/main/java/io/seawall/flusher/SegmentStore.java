package io.seawall.flusher;

import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where segments are kept. An object never changes once it is there. Calls block, are bounded in time by the implementation,
 * and may come from any thread and any number of processes at once.
 *
 * <p>Every {@link IOException} counts as passing: the flusher tries again. An implementation checks when it is made that its
 * store honours put-if-absent, and refuses to work on one that does not.
 */
public interface SegmentStore extends AutoCloseable {
    /**
     * The name, below the root, of what holds {@link #storeId()}. No topic has a dot in its name, so no topic's folder is in its
     * way.
     */
    String STORE_ID = "store-id.txt";

    /** What an id looks like. */
    Pattern STORE_ID_RULE = Pattern.compile("[0-9a-f]{16}");

    /** What became of a put. */
    enum PutResult {
        /** The object is there, durable, with our content. */
        PUBLISHED,
        /** An object of that name was there before and is untouched; it may be ours, if the answer to an earlier put was lost. */
        EXISTS
    }

    /**
     * Lists the logs that have segments here.
     *
     * @return by name, ascending
     * @throws IOException if the store does not answer
     */
    List<PChannel> pchannels() throws IOException;

    /**
     * Lists a log's segments.
     *
     * @param pchannel the log
     * @param above only those whose first LSN is above this one; -1 for all
     * @return by first LSN, ascending
     * @throws IOException if the store does not answer
     */
    List<SegmentKey> list(PChannel pchannel, long above) throws IOException;

    /**
     * Finds a log's last segment. What it names is durable.
     *
     * @param pchannel the log
     * @return the one with the highest first LSN; empty if there is none
     * @throws IOException if the store does not answer
     */
    Optional<SegmentKey> last(PChannel pchannel) throws IOException;

    /**
     * Puts an object unless one of that name exists, in one atomic act: of several callers, at most one succeeds, ever. Whatever
     * is answered, the object of that name is whole and durable then.
     *
     * @param key the name
     * @param file the content; not changed, not kept
     * @return whether it was ours that was put
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
     * Reads an object from a byte on.
     *
     * @param key the name
     * @param fromByte how many bytes to leave out, at most the object's length
     * @return the bytes that follow, to be closed by the caller
     * @throws java.nio.file.NoSuchFileException if there is no such object
     * @throws IOException if the store does not answer
     */
    InputStream open(SegmentKey key, long fromByte) throws IOException;

    /**
     * Tells how long an object is.
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
     * @param key the name; one that is not there is no error
     * @throws IOException if it is not known whether it is gone
     */
    void delete(SegmentKey key) throws IOException;

    /**
     * Tells which store this is: a random text that the store itself keeps, made when it is first asked for. Whoever opens the
     * same store is told the same.
     *
     * @return the id
     * @throws IOException if the store does not answer
     */
    String storeId() throws IOException;

    /** Where an object is, in the words that a person needs to find it. */
    String describe(SegmentKey key);

    /** Releases what the store holds in this process, such as connections. May be called more than once. */
    @Override
    default void close() {}
}
