package io.seawall.flusher;

import io.seawall.flusher.Phase.Locating;
import io.seawall.flusher.Phase.Publishing;
import io.seawall.flusher.Phase.Spooling;
import io.seawall.flusher.Phase.Stopped;
import io.seawall.flusher.Phase.Waiting;
import io.seawall.flusher.SegmentStore.PutResult;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.View;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flushing of one pchannel, as steps that each do one thing: locate, read a little, seal, or put. A step that throws
 * leaves a state from which the same or an earlier step can be taken again: a spool is never half right, and a finished segment
 * stays until its put was answered. Used by one thread at a time.
 */
final class FlushSteps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlushSteps.class);

    /** A deposed leader may still serve an old tail for a moment; after so many looks it is not a moment any more. */
    private static final int LOOKS_AT_TAIL = 5;

    private static final long READER_IDLE_MS = Duration.ofSeconds(10).toMillis();

    /** Says whether somebody waits for an LSN above the first and not above the second one to be in a segment. */
    interface SealRequests {
        boolean anyBetween(long above, long upTo);
    }

    private final Wal wal;
    private final PChannel pchannel;
    private final FlushTools tools;
    private final SealRequests requests;
    private final SegmentFiles files;
    private final CommittedCursor cursor;
    private Phase phase = new Locating();
    /** Exclusive; -1 until located. Never goes back. */
    private long flushedLsn = -1;

    private int looksAtTail;
    private long lastReadMs;

    FlushSteps(Wal wal, FlushTools tools, SealRequests requests) {
        this.wal = wal;
        this.pchannel = wal.pchannel();
        this.tools = tools;
        this.requests = requests;
        this.files = new SegmentFiles(tools.store());
        this.cursor = new CommittedCursor(tools.readers(), pchannel);
    }

    /**
     * Takes one step.
     *
     * @return whether the next one is due at once
     * @throws IOException if the store or the spool failed; to be tried again
     */
    boolean step() throws IOException {
        return switch (phase.state()) {
            case LOCATING -> locate();
            case WAITING -> readOn(((Waiting) phase).nextLsn());
            case SPOOLING -> sealOrReadOn(((Spooling) phase).spool());
            case PUBLISHING -> publish(((Publishing) phase).segment());
            case STOPPED -> false;
        };
    }

    private boolean locate() throws IOException {
        // The bounds first: another owner may publish and then trim between the two looks, and that must not seem a
        // loss.
        var bounds = tools.readers().bounds(pchannel, View.COMMITTED);
        var last = tools.store().last(pchannel);
        var nextLsn = last.isPresent() ? info(last.get()).nextLsn() : bounds.oldest();
        if (bounds.oldest() > nextLsn) {
            throw trimmedTooFar(bounds.oldest(), nextLsn);
        }
        if (last.isPresent() && nextLsn > bounds.tail()) {
            checkTail(nextLsn, last.get());
        }
        looksAtTail = 0;
        flushedLsn = Math.max(flushedLsn, nextLsn);
        phase = new Waiting(nextLsn);
        return true;
    }

    /** The tail was read before the segments' end and may have been passed since; read after it, it may not be lower. */
    private void checkTail(long nextLsn, SegmentKey last) {
        var tail = tools.readers().bounds(pchannel, View.COMMITTED).tail();
        if (nextLsn <= tail) {
            return;
        }
        looksAtTail++;
        throw Problem.of(
                        looksAtTail < LOOKS_AT_TAIL ? ErrorCode.UNAVAILABLE : ErrorCode.DATA_LOSS,
                        "flush " + pchannel + " behind its segments")
                .pchannel(pchannel)
                .found("segments up to LSN " + (nextLsn - 1) + " and a log that ends before LSN " + tail)
                .expected("a log that holds what was flushed from it")
                .fix("if the topic was deleted and created again, move the folder of "
                        + tools.store().describe(last) + " away")
                .with("tail", tail)
                .exception();
    }

    private WalException trimmedTooFar(long oldest, long nextLsn) {
        return Problem.of(ErrorCode.DATA_LOSS, "flush " + pchannel)
                .pchannel(pchannel)
                .found("a log that begins with LSN " + oldest)
                .expected("LSN " + nextLsn + ", the next one to flush")
                .fix("LSNs " + nextLsn + " to " + (oldest - 1)
                        + " were trimmed and are in no segment; flushing stays off")
                .with("oldest", oldest)
                .with("next", nextLsn)
                .exception();
    }

    /** Reads into a new segment, if there is anything to read. */
    private boolean readOn(long nextLsn) throws IOException {
        if (!isBehind(nextLsn)) {
            return false;
        }
        var records = cursor.read(nextLsn);
        if (records.isEmpty()) {
            return false;
        }
        var spool = SpoolFile.create(tools.spool().newFile(pchannel, nextLsn), spec(nextLsn), nowMs());
        phase = new Spooling(spool);
        cursor.giveBack(records);
        return append(spool);
    }

    private SegmentSpec spec(long firstLsn) {
        var sync = new byte[SegmentFormat.SYNC_BYTES];
        tools.random().nextBytes(sync);
        return new SegmentSpec(
                new SegmentKey(pchannel, firstLsn),
                wal.logId(),
                tools.settings().sealing().codec(),
                sync);
    }

    private boolean sealOrReadOn(SpoolFile spool) throws IOException {
        if (isSealDue(spool)) {
            try {
                phase = new Publishing(spool.seal());
                return true;
            } catch (IOException | RuntimeException e) {
                throwAway(spool);
                throw e;
            }
        }
        return isBehind(spool.nextLsn()) && append(spool);
    }

    private boolean append(SpoolFile spool) throws IOException {
        var records = cursor.read(spool.nextLsn());
        if (records.isEmpty()) {
            return false;
        }
        lastReadMs = nowMs();
        try {
            var taken = spool.append(records, tools.settings().sealing().bytes());
            cursor.giveBack(records.subList(taken, records.size()));
            return true;
        } catch (IOException | RuntimeException e) {
            throwAway(spool);
            throw e;
        }
    }

    private boolean isBehind(long nextLsn) {
        if (wal.committed() > nextLsn) {
            return true;
        }
        if (nowMs() >= readerIdleAtMs()) {
            cursor.close();
        }
        return false;
    }

    private boolean isSealDue(SpoolFile spool) {
        return spool.recordBytes() >= tools.settings().sealing().bytes()
                || nowMs() >= sealAtMs(spool)
                || requests.anyBetween(spool.firstLsn(), spool.nextLsn());
    }

    private boolean publish(SealedSegment segment) throws IOException {
        var info = segment.info();
        var result = tools.store().publish(info.key(), segment.file());
        // Somebody else's segment may end elsewhere; ours, put before an answer was lost, ends where it should.
        var nextLsn = result == PutResult.PUBLISHED
                ? info.nextLsn()
                : info(info.key()).nextLsn();
        discard(segment);
        flushedLsn = nextLsn;
        phase = new Waiting(nextLsn);
        LOG.atInfo()
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("first", info.firstLsn())
                .addKeyValue("next", nextLsn)
                .addKeyValue("bytes", info.fileBytes())
                .addKeyValue("result", result.name().toLowerCase(Locale.ROOT))
                .log("segment put");
        return true;
    }

    private SegmentInfo info(SegmentKey key) throws IOException {
        try {
            return files.info(key);
        } catch (MalformedSegmentException e) {
            throw files.problem(key, e);
        }
    }

    /** Goes back to where the next attempt can start; to be called after a step threw. */
    void onFailure(WalException error) {
        cursor.close();
        if (error.code() == ErrorCode.TRIMMED) {
            // Another owner may have flushed and trimmed: the segments say.
            release();
            phase = new Locating();
        }
    }

    void stop(WalException error) {
        close();
        phase = new Stopped(error);
    }

    FlushStatus.State state() {
        return phase.state();
    }

    long flushedLsn() {
        return flushedLsn;
    }

    /** The next LSN to be read; -1 if it is not known. */
    long nextLsn() {
        return switch (phase.state()) {
            case LOCATING -> -1;
            case WAITING -> ((Waiting) phase).nextLsn();
            case SPOOLING -> ((Spooling) phase).spool().nextLsn();
            case PUBLISHING -> ((Publishing) phase).segment().info().nextLsn();
            case STOPPED -> flushedLsn;
        };
    }

    /** When a step is due although nothing was committed or asked for; in milliseconds by the flusher's clock. */
    long wakeAtMs() {
        var sealAtMs =
                phase.state() == FlushStatus.State.SPOOLING ? sealAtMs(((Spooling) phase).spool()) : Long.MAX_VALUE;
        return Math.min(sealAtMs, readerIdleAtMs());
    }

    private long sealAtMs(SpoolFile spool) {
        return spool.openedAtMs() + tools.settings().sealing().age().toMillis();
    }

    private long readerIdleAtMs() {
        return cursor.isOpen() ? lastReadMs + READER_IDLE_MS : Long.MAX_VALUE;
    }

    private long nowMs() {
        return tools.clock().millis();
    }

    private void throwAway(SpoolFile spool) {
        phase = new Waiting(spool.firstLsn());
        closeQuietly(spool);
    }

    private void release() {
        if (phase instanceof Spooling spooling) {
            closeQuietly(spooling.spool());
        } else if (phase instanceof Publishing publishing) {
            discard(publishing.segment());
        }
    }

    private void closeQuietly(SpoolFile spool) {
        try {
            spool.close();
        } catch (IOException e) {
            logLeftOver(e);
        }
    }

    private void discard(SealedSegment segment) {
        try {
            segment.discard();
        } catch (IOException e) {
            logLeftOver(e);
        }
    }

    private void logLeftOver(IOException e) {
        LOG.atWarn()
                .addKeyValue("pchannel", pchannel)
                .setCause(e)
                .log("cannot remove a spool file, which stays until close");
    }

    /** Releases the reader and what was not published. May be called more than once. */
    @Override
    public void close() {
        cursor.close();
        release();
        phase = new Locating();
    }
}
