package io.seawall.flusher.s3;

import io.seawall.flusher.s3.S3Objects.Page;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segments in a bucket of an S3-compatible store. An object is one PUT with {@code If-None-Match: *}. Each call is retried a
 * few times, within the limit of {@link S3Settings.Timeouts#call}.
 *
 * <p>Opening probes the store. If the store does not answer then, it is probed before the first put: so a node that starts
 * while its store is down serves appends, and flushes when the store is back.
 */
public final class S3SegmentStore implements SegmentStore {
    private static final Logger LOG = LoggerFactory.getLogger(S3SegmentStore.class);

    /** The most that S3 accepts in one PUT. */
    private static final long MAX_OBJECT_BYTES = 5L << 30;

    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(10);

    /** Enough to see that something is not an id. */
    private static final int STORE_ID_BYTES = 100;

    private final S3Objects objects;
    private final AutoCloseable client;
    private final RandomGenerator random;
    private final S3Probe probe;

    /** One probe at a time; other puts wait for its outcome. */
    private final ReentrantLock probing = new ReentrantLock();

    /** Set after a successful probe, read before each put. */
    private volatile boolean probed;

    /** Where the search for the last segment begins: one entry for each log that this process asked for. */
    private final Map<PChannel, Long> lastSeen = new ConcurrentHashMap<>();

    S3SegmentStore(S3Objects objects, AutoCloseable client, RandomGenerator random) {
        this.objects = objects;
        this.client = client;
        this.random = random;
        this.probe = new S3Probe(objects.within(PROBE_PATIENCE), random);
    }

    /**
     * Opens a store and tests whether it honours put-if-absent. Blocks for about ten seconds if it does not answer.
     *
     * @param settings the settings
     * @param random for names of probes and for the id of a new store
     * @return the store, to be closed by the caller
     * @throws io.seawall.wal.OperatorException with {@link ErrorCode#INTERNAL} if there are no credentials, the store rejects
     *     them, the bucket does not exist, or a put replaces an existing object
     */
    public static S3SegmentStore open(S3Settings settings, RandomGenerator random) {
        var client = S3Clients.open(settings);
        var store = new S3SegmentStore(new S3Objects(client, settings), client, random);
        try {
            store.firstProbe();
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /**
     * Opens a store for reading. Sends no request yet; if the store is unusable, the first call fails.
     *
     * @param settings the settings
     * @param random for the id of a new store
     * @return the store, to be closed by the caller
     */
    public static S3SegmentStore reading(S3Settings settings, RandomGenerator random) {
        var client = S3Clients.open(settings);
        return new S3SegmentStore(new S3Objects(client, settings), client, random);
    }

    private void firstProbe() {
        try {
            ensureProbed();
        } catch (StoreRefusal e) {
            throw Problem.of(ErrorCode.INTERNAL, "use " + objects.describe("") + " as a segment store")
                    .found(String.valueOf(e.getMessage()))
                    .expected("a bucket that this process may list, read, write and delete in")
                    .fix(e.fix())
                    .cause(e)
                    .exception();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("store", objects.describe(""))
                    .addKeyValue("error", FutureErrors.text(e))
                    .log("the segment store does not answer; it is probed before the first put");
        }
    }

    private void ensureProbed() throws IOException {
        if (probed) {
            return;
        }
        probing.lock();
        try {
            if (!probed) {
                probe.run();
                probed = true;
            }
        } finally {
            probing.unlock();
        }
    }

    @Override
    public List<PChannel> pchannels() throws IOException {
        var found = new TreeSet<PChannel>();
        var from = "";
        while (true) {
            var page = objects.list("", from);
            var log = page.paths().stream()
                    .map(S3SegmentStore::logOf)
                    .flatMap(Optional::stream)
                    .findFirst();
            if (log.isPresent()) {
                found.add(log.get());
                // Continue after everything in its folder: '0' is the character after '/'.
                from = SegmentKey.folder(log.get()) + "0";
            } else if (page.more() && !page.paths().isEmpty()) {
                from = lastPath(page);
            } else {
                return List.copyOf(found);
            }
        }
    }

    /** Returns the log that a segment's path names; empty for any other path. */
    private static Optional<PChannel> logOf(String path) {
        var parts = path.split("/", -1);
        return parts.length == 3
                ? SegmentKey.pchannelOf(parts[0], parts[1])
                        .filter(log -> SegmentKey.ofFileName(log, parts[2]).isPresent())
                : Optional.empty();
    }

    @Override
    public List<SegmentKey> list(PChannel pchannel, long above) throws IOException {
        var keys = new ArrayList<SegmentKey>();
        var from = above;
        while (true) {
            var page = page(pchannel, from);
            page.numbers().forEach(firstLsn -> keys.add(new SegmentKey(pchannel, firstLsn)));
            if (page.isEmpty() || !page.more()) {
                return List.copyOf(keys);
            }
            from = page.last();
        }
    }

    @Override
    public Optional<SegmentKey> last(PChannel pchannel) throws IOException {
        // Begin before the last one seen, so that the response shows whether it still exists.
        var seen = lastSeen.getOrDefault(pchannel, 0L);
        var last = LastKey.find(above -> page(pchannel, above), seen - 1);
        if (last.isEmpty() && seen > 0) {
            lastSeen.remove(pchannel, seen);
            last = LastKey.find(above -> page(pchannel, above), -1);
        }
        if (last.isEmpty()) {
            return Optional.empty();
        }
        saw(pchannel, last.getAsLong());
        return Optional.of(new SegmentKey(pchannel, last.getAsLong()));
    }

    private void saw(PChannel pchannel, long firstLsn) {
        lastSeen.merge(pchannel, firstLsn, Math::max);
    }

    /** Returns segments above an LSN, at least one if there is one: skips pages that hold only other objects. */
    private LastKey.Page page(PChannel pchannel, long above) throws IOException {
        var folder = SegmentKey.folder(pchannel) + "/";
        var end = new SegmentKey(pchannel, Long.MAX_VALUE).path();
        var from = above < 0 ? folder : new SegmentKey(pchannel, above).path();
        while (true) {
            var page = objects.list(folder, from);
            var firstLsns = firstLsns(pchannel, folder, page);
            var more = page.more() && !page.paths().isEmpty() && lastPath(page).compareTo(end) < 0;
            if (!firstLsns.isEmpty() || !more) {
                return new LastKey.Page(firstLsns, more);
            }
            from = lastPath(page);
        }
    }

    private static List<Long> firstLsns(PChannel pchannel, String folder, Page page) {
        return page.paths().stream()
                .map(path -> SegmentKey.ofFileName(pchannel, path.substring(folder.length())))
                .flatMap(Optional::stream)
                .map(SegmentKey::firstLsn)
                .toList();
    }

    private static String lastPath(Page page) {
        return page.paths().get(page.paths().size() - 1);
    }

    @Override
    public PutResult publish(SegmentKey key, Path file) throws IOException {
        var size = Files.size(file);
        if (size > MAX_OBJECT_BYTES) {
            throw new IOException("cannot put " + describe(key) + ": it has " + size + " bytes, a put takes at most "
                    + MAX_OBJECT_BYTES + "; lower flush.bytes");
        }
        ensureProbed();
        var result = objects.putIfAbsent(key.path(), PutContent.of(file));
        saw(key.pchannel(), key.firstLsn());
        return result;
    }

    @Override
    public InputStream open(SegmentKey key, long fromByte) throws IOException {
        return objects.open(key.path(), fromByte);
    }

    @Override
    public long sizeBytes(SegmentKey key) throws IOException {
        return objects.sizeBytes(key.path());
    }

    @Override
    public void delete(SegmentKey key) throws IOException {
        objects.delete(key.path());
    }

    @Override
    public String storeId() throws IOException {
        try {
            return readStoreId();
        } catch (NoSuchFileException none) {
            ensureProbed();
            var id = HexFormat.of().toHexDigits(random.nextLong());
            // All processes read the same one, whichever put it.
            objects.putIfAbsent(STORE_ID, PutContent.of(id));
            return readStoreId();
        }
    }

    private String readStoreId() throws IOException {
        try (var in = objects.open(STORE_ID, 0)) {
            var id = new String(in.readNBytes(STORE_ID_BYTES), StandardCharsets.US_ASCII);
            if (!STORE_ID_RULE.matcher(id).matches()) {
                throw new IOException(objects.describe(STORE_ID) + " holds '" + id
                        + "', expected the id of the store: 16 hexadecimal digits");
            }
            return id;
        }
    }

    @Override
    public String describe(SegmentKey key) {
        return objects.describe(key.path());
    }

    /** Releases connections; calls in progress may fail. May be called more than once. */
    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) { // AutoCloseable declares Exception
            LOG.atWarn().setCause(e).log("cannot close the client of the segment store");
        }
    }
}
