package io.seawall.flusher;

import io.seawall.flusher.FlushPhase.Locating;
import io.seawall.flusher.FlushPhase.Publishing;
import io.seawall.flusher.FlushPhase.Spooling;
import io.seawall.flusher.FlushPhase.Stopped;
import io.seawall.flusher.FlushPhase.Waiting;
import io.seawall.flusher.FlushStatus.Wait;
import io.seawall.flusher.Locator.Place;
import io.seawall.flusher.segment.SealedSegment;
import io.seawall.flusher.segment.SegmentFormat;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.SegmentSpec;
import io.seawall.flusher.segment.SpoolFile;
import io.seawall.flusher.store.SegmentFiles;
import io.seawall.flusher.store.SegmentStore.PutResult;
import io.seawall.flusher.store.StoreException;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes one pchannel in steps that each do one thing: locate, read a little, seal, or put. A step that throws leaves a state
 * from which the same or an earlier step can be repeated: a spool is never partly written, and a finished segment stays until
 * its put was answered. Used by one thread at a time.
 */
final class FlushSteps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlushSteps.class);
    private static final long READER_IDLE_MS = Duration.ofSeconds(10).toMillis();

    /**
     * How long a log that gave up its reader because others waited does not queue for another one, unless it has to. Opening a reader
     * costs Kafka and the node more than reading thousands of records, and each commit would otherwise lead to one.
     */
    private static final long REST_MS = Duration.ofSeconds(30).toMillis();

    /** So many records to read end the rest. */
    private static final long REST_RECORDS = 5_000;

    /** Runs the steps. */
    interface Driver {
        /** Returns whether a request waits for an LSN above the first and not above the second. */
        boolean anyBetween(long above, long upTo);

        /** Signals that a step may be possible now. Called from any thread. */
        void wake();
    }

    private final FlushableWal wal;
    private final PChannel pchannel;
    private final FlushTools tools;
    private final Driver driver;
    private final Locator locator;
    private final StoreGuard binding;
    private final Trims trims;
    private final CommittedCursor cursor;
    private final SpoolShare share;
    private FlushPhase phase = new Locating();
    /** Exclusive; -1 until located. Never decreases. */
    private long flushedLsn = -1;
    /** The timestamp of the last record that is in a segment; 0 if it is not known. */
    private long flushedTimestampMs;

    private Wait waitsFor = Wait.NOTHING;
    private long lastReadMs;
    private long restUntilMs = Long.MIN_VALUE;

    FlushSteps(FlushableWal wal, FlushTools tools, Driver driver) {
        this.wal = wal;
        this.pchannel = wal.pchannel();
        this.tools = tools;
        this.driver = driver;
        this.locator = new Locator(wal, tools);
        this.binding = new StoreGuard(wal, tools.store(), driver::wake);
        this.trims = new Trims(wal, tools, locator, binding, driver::wake);
        this.cursor =
                new CommittedCursor(tools.readers(), pchannel, tools.memory().readers(), driver::wake);
        this.share = new SpoolShare(tools.memory(), tools.spool().budget(), driver::wake);
    }

    /**
     * Takes one step.
     *
     * @return whether the next one is due at once
     * @throws IOException if the store or the spool failed; the step can be repeated
     */
    boolean step() throws IOException {
        waitsFor = Wait.NOTHING;
        return switch (phase.state()) {
            case LOCATING -> locate();
            case WAITING -> readOn(((Waiting) phase).nextLsn());
            case SPOOLING -> sealOrReadOn(((Spooling) phase).spool());
            case PUBLISHING -> publish(((Publishing) phase).segment());
            case STOPPED -> false;
        };
    }

    /** Trims if that is due; called after {@link #step} did not throw. */
    void trimStep() {
        if (phase.state() == FlushStatus.State.WAITING || phase.state() == FlushStatus.State.SPOOLING) {
            trims.step();
        }
    }

    private boolean locate() throws IOException {
        binding.check();
        var place = locator.locate();
        flushedLsn = Math.max(flushedLsn, place.nextLsn());
        place.last().ifPresent(last -> flushedTimestampMs = last.timestampsMs().max());
        trims.onLocated(place.last());
        report(-1);
        phase = place.hasGap() ? new Publishing(gap(place)) : new Waiting(place.nextLsn());
        return true;
    }

    private SealedSegment gap(Place place) throws IOException {
        LOG.atWarn()
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("first", place.nextLsn())
                .addKeyValue("next", place.oldest())
                .log("records were trimmed before they were flushed; a gap segment takes their place");
        var gap = SealedSegment.gap(
                tools.spool().newFile(pchannel, place.nextLsn()), spec(place.nextLsn()), place.oldest() - 1);
        share.sealed(gap);
        return gap;
    }

    /** Reads records into a new segment, if there are any. */
    private boolean readOn(long nextLsn) throws IOException {
        var records = readMore(nextLsn);
        if (records.isEmpty()) {
            return false;
        }
        binding.begin(); // takes a commit, which is done long before the segment is full
        try {
            var spool = SpoolFile.create(tools.spool().newFile(pchannel, nextLsn), spec(nextLsn), tools.elapsedMs());
            phase = new Spooling(spool);
            return append(spool, records);
        } catch (IOException | RuntimeException e) {
            release();
            phase = new Waiting(nextLsn);
            throw e;
        }
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
        try {
            if (isSealDue(spool)) {
                cursor.yieldIfWanted();
                share.spilled();
                var sealed = spool.seal();
                phase = new Publishing(sealed);
                share.sealed(sealed);
                return true;
            }
            var records = readMore(spool.nextLsn());
            return !records.isEmpty() && append(spool, records);
        } catch (IOException | RuntimeException e) {
            release();
            phase = new Waiting(spool.firstLsn());
            throw e;
        }
    }

    /** Returns the next records if there are any and there is room for them; empty otherwise. */
    private List<LogRecord> readMore(long nextLsn) {
        if (wal.committed() <= nextLsn) {
            if (cursor.yieldIfWanted()) {
                restUntilMs = tools.elapsedMs() + REST_MS;
            }
            if (tools.elapsedMs() >= readerIdleAtMs()) {
                cursor.close();
            }
            return List.of();
        }
        // Check the room first: without room this pchannel must not queue for a reader.
        if (!share.hasRoom()) {
            waitsFor = Wait.SPOOL;
            cursor.close();
            return List.of();
        }
        if (isResting(nextLsn) || !cursor.isPermitted()) {
            waitsFor = Wait.READER;
            return List.of();
        }
        var records = cursor.read(nextLsn);
        if (records.isEmpty()) {
            cursor.yieldIfWanted();
            return records;
        }
        lastReadMs = tools.elapsedMs();
        if (!share.tryGrow(records)) {
            waitsFor = Wait.SPOOL;
            cursor.giveBack(records);
            cursor.yieldIfWanted();
            return List.of();
        }
        return records;
    }

    private boolean isResting(long nextLsn) {
        var committed = wal.committed();
        return tools.elapsedMs() < restUntilMs
                && committed - nextLsn < REST_RECORDS
                && !driver.anyBetween(nextLsn, committed);
    }

    private boolean append(SpoolFile spool, List<LogRecord> records) throws IOException {
        var taken = spool.append(records, tools.settings().sealing().bytes());
        cursor.giveBack(records.subList(taken, records.size()));
        share.grown(spool);
        cursor.endTurn();
        return true;
    }

    private boolean isSealDue(SpoolFile spool) {
        return spool.recordBytes() >= tools.settings().sealing().bytes()
                || tools.elapsedMs() >= sealAtMs(spool)
                || share.isSealAsked()
                || driver.anyBetween(spool.firstLsn(), spool.nextLsn());
    }

    private boolean publish(SealedSegment segment) throws IOException {
        if (!binding.isBound()) {
            waitsFor = Wait.STORE_BINDING;
            return false;
        }
        var ours = segment.info();
        var begunNanos = tools.nanoTime().getAsLong();
        var result = put(segment);
        var took = Duration.ofNanos(tools.nanoTime().getAsLong() - begunNanos);
        // A segment of another flusher may end elsewhere. Our own, if its put succeeded but the answer was lost, ends
        // at the same LSN.
        var winner = result == PutResult.PUBLISHED ? ours : locator.info(ours.key());
        locator.refuseAnotherLog(winner);
        discard(segment);
        flushedLsn = winner.nextLsn();
        flushedTimestampMs =
                winner.isGap() ? tools.clock().millis() : winner.timestampsMs().max();
        phase = new Waiting(winner.nextLsn());
        trims.onPublished(winner);
        report(winner.equals(ours) ? segment.nextOffset() : -1);
        tools.events().put(pchannel, result, winner, took);
        LOG.atInfo()
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("first", winner.firstLsn())
                .addKeyValue("next", winner.nextLsn())
                .addKeyValue("bytes", winner.fileBytes())
                .addKeyValue("kind", winner.isGap() ? SegmentFormat.KIND_GAP : SegmentFormat.KIND_RECORDS)
                .addKeyValue("result", result.name().toLowerCase(Locale.ROOT))
                .log("segment put");
        return true;
    }

    private PutResult put(SealedSegment segment) throws StoreException {
        var key = segment.info().key();
        try {
            return tools.store().publish(key, segment.file());
        } catch (IOException e) {
            share.stuck();
            throw new StoreException(SegmentFiles.unavailable(
                    pchannel, "put the segment " + tools.store().describe(key), e));
        }
    }

    /** Reports progress, for monitoring only. */
    private void report(long nextOffset) {
        var unused = wal.progress().flushed(flushedLsn, nextOffset).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.atDebug()
                        .addKeyValue("pchannel", pchannel)
                        .addKeyValue("error", FutureErrors.text(failure))
                        .log("the flush position was not recorded");
            }
        });
    }

    /** Returns to the state from which the next attempt starts; called after a step threw. */
    void onFailure(WalException error) {
        cursor.close();
        share.stuck();
        if (error.code() == ErrorCode.TRIMMED) {
            // Another owner may have flushed and trimmed, so ask the segments.
            release();
            phase = new Locating();
        }
    }

    /** Releases everything that takes room; flushing continues later from the same LSN. */
    void rest() {
        cursor.close();
        var then = phaseAfterRest();
        release();
        phase = then;
    }

    private FlushPhase phaseAfterRest() {
        return switch (phase.state()) {
            case SPOOLING -> new Waiting(((Spooling) phase).spool().firstLsn());
            // Records of a sealed segment are read again; a gap is detected again.
            case PUBLISHING -> new Locating();
            case LOCATING, WAITING, STOPPED -> phase;
        };
    }

    void stop(WalException error) {
        close();
        phase = new Stopped(error);
    }

    FlushStatus.State state() {
        return phase.state();
    }

    Wait waitsFor() {
        return waitsFor;
    }

    Trims trims() {
        return trims;
    }

    /** Returns whether the spool is to be sealed to make room for others. Thread-safe. */
    boolean isSealAsked() {
        return share.isSealAsked();
    }

    /** Returns whether a reader is open that others may wait for. */
    boolean holdsReader() {
        return cursor.isOpen();
    }

    long flushedLsn() {
        return flushedLsn;
    }

    /**
     * Returns the timestamp of the oldest record that was read and is not in a segment, in milliseconds; empty if none was
     * read.
     */
    OptionalLong oldestUnflushedMs() {
        return switch (phase.state()) {
            case SPOOLING -> OptionalLong.of(((Spooling) phase).spool().oldestTimestampMs());
            case PUBLISHING ->
                ((Publishing) phase).segment().info().isGap()
                        ? OptionalLong.empty()
                        : OptionalLong.of(((Publishing) phase)
                                .segment()
                                .info()
                                .timestampsMs()
                                .min());
            case LOCATING, WAITING, STOPPED -> OptionalLong.empty();
        };
    }

    /** Returns the timestamp of the last record in a segment, in milliseconds; 0 if it is not known. */
    long flushedTimestampMs() {
        return flushedTimestampMs;
    }

    /** Returns the next LSN to be read; -1 if it is not known. */
    long nextLsn() {
        return switch (phase.state()) {
            case LOCATING -> -1;
            case WAITING -> ((Waiting) phase).nextLsn();
            case SPOOLING -> ((Spooling) phase).spool().nextLsn();
            case PUBLISHING -> ((Publishing) phase).segment().info().nextLsn();
            case STOPPED -> flushedLsn;
        };
    }

    /** Returns when a step is due even if nothing is committed or requested, in milliseconds of {@link FlushTools#elapsedMs}. */
    long wakeAtMs() {
        var sealAtMs =
                phase.state() == FlushStatus.State.SPOOLING ? sealAtMs(((Spooling) phase).spool()) : Long.MAX_VALUE;
        return Math.min(Math.min(trims.wakeAtMs(), restEndsAtMs()), Math.min(sealAtMs, readerIdleAtMs()));
    }

    private long restEndsAtMs() {
        return tools.elapsedMs() < restUntilMs ? restUntilMs : Long.MAX_VALUE;
    }

    private long sealAtMs(SpoolFile spool) {
        return spool.openedAtMs() + tools.settings().sealing().age().toMillis();
    }

    private long readerIdleAtMs() {
        return cursor.isOpen() ? lastReadMs + READER_IDLE_MS : Long.MAX_VALUE;
    }

    private void release() {
        if (phase instanceof Spooling spooling) {
            try {
                spooling.spool().close();
            } catch (IOException e) {
                logLeftOver(e);
            }
        } else if (phase instanceof Publishing publishing) {
            discard(publishing.segment());
        }
        share.gone();
    }

    private void discard(SealedSegment segment) {
        try {
            segment.discard();
        } catch (IOException e) {
            logLeftOver(e);
        }
        share.gone();
    }

    private void logLeftOver(IOException e) {
        LOG.atWarn()
                .addKeyValue("pchannel", pchannel)
                .setCause(e)
                .log("cannot remove a spool file, which stays until close");
    }

    /** Releases the reader and drops what was not published. May be called more than once. */
    @Override
    public void close() {
        cursor.close();
        release();
        phase = new Locating();
    }
}
