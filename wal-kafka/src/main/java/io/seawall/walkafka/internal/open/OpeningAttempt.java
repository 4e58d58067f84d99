package io.seawall.walkafka.internal.open;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.SessionReplay;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeaderCodec;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.internal.scan.CheckedRule;
import io.seawall.walkafka.internal.scan.DataLossErrors;
import io.seawall.walkafka.internal.scan.LogScanner;
import io.seawall.walkafka.internal.scan.LogWindow;
import io.seawall.walkafka.internal.scan.Owners;
import io.seawall.walkafka.internal.scan.SessionSearch;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One pass through the steps of docs/protocol.md#opening. Why it is safe: a committed claim means that nobody initialized
 * lane A in between, so any other claimant either initialized lane B before us, or never writes.
 */
final class OpeningAttempt {
    private final PChannel pchannel;
    private final Stamp stamp;
    private final WalContext shared;
    private final ControlBody.Author author;
    private final String topicId;
    private final @Nullable ForcedStart forced;
    private final Set<String> ownNonces;
    private final String nonce;
    private final LogCursor committed;
    private final LogCursor live;
    private final LogScanner scanner;
    private final Driver driver;
    private final CopyBytes copyBytes;
    private final Owners.Known known;
    private final Map<Lane, LaneProducer> lanes = new EnumMap<>(Lane.class);
    private volatile String doing =
            "reading the end of the log"; // written step by step, read when the opening is given up
    private boolean closed; // guarded by this, with lanes: a cancel may come between the two creations
    private boolean handedOver; // guarded by this: from then on a close leaves the lanes alone
    private volatile boolean claimed; // written by the opening, read when it failed
    /** The live view's cursor finds its way to the partition's leader while lanes are fenced; what it was told is not used. */
    private volatile CompletableFuture<?> connected = CompletableFuture.completedFuture(null);

    private volatile @Nullable Republication republication; // written by the opening, read when it failed
    private long claimOffset = -1; // written by the producer's thread before the commit completes, read after

    /** Makes attempts: asked between steps, and what it gives ends the attempt. From any thread. */
    interface Driver extends Takeover.GiveUp {
        /** Told each time when something was read, or written again. */
        void gotFurther();
    }

    /**
     * An attempt.
     *
     * @param request what to open
     * @param ownNonces the nonces of this instance's earlier attempts; this one's is added
     */
    OpeningAttempt(Request request, Set<String> ownNonces, Driver driver) {
        this.pchannel = request.pchannel();
        this.stamp = request.stamp();
        this.shared = request.shared();
        this.author = request.author();
        this.topicId = request.topicId();
        this.forced = request.forced();
        this.ownNonces = ownNonces;
        this.nonce = shared.nonce();
        this.copyBytes = request.copyBytes();
        this.driver = driver;
        this.committed = cursor(Isolation.COMMITTED);
        this.live = cursor(Isolation.UNCOMMITTED);
        this.known = shared.owners().of(pchannel, topicId);
        this.scanner = new LogScanner(committed, driver, known);
        ownNonces.add(nonce);
    }

    /**
     * What to open.
     *
     * @param pchannel the log
     * @param stamp the term, and the epoch inside it
     * @param topicId Kafka's id of the topic
     * @param author who opens
     * @param shared ports and pools
     * @param forced where the log is to begin instead of where it ends, for a restore; or null
     * @param copyBytes how much to write again in one transaction
     */
    record Request(
            PChannel pchannel,
            Stamp stamp,
            String topicId,
            ControlBody.Author author,
            WalContext shared,
            @Nullable ForcedStart forced,
            CopyBytes copyBytes) {}

    private LogCursor cursor(Isolation isolation) {
        return new WatchedCursor(shared.cursors().open(pchannel, isolation), driver::gotFurther);
    }

    /** Runs the steps; the receiver owns the lanes of what it gets. */
    CompletableFuture<OpenedLog> run() {
        return readTail()
                .thenCompose(looked -> fence().thenComposeAsync(fenced -> claim(looked.lastTimestampMs()), shared.io())
                        .thenComposeAsync(claimed -> readBack(looked), shared.io()))
                .thenComposeAsync(this::recover, shared.io())
                .whenComplete((opened, error) -> {
                    committed.close();
                    live.close();
                });
    }

    /** Releases the lanes, unless they were handed over already. The attempt then fails if it is still under way. */
    synchronized void close() {
        if (!closed && !handedOver) {
            closed = true;
            lanes.values().forEach(LaneProducer::close);
        }
    }

    /** Returns what is being done, for the error of an opening that takes too long. */
    String doing() {
        var written = republication;
        return written == null ? doing : doing + "; " + written.committed() + " records of that are done";
    }

    /** Whether it left something that the next attempt need not write again. */
    boolean hasCommittedCopies() {
        var written = republication;
        return written != null && written.committed() > 0;
    }

    /** Whether a transaction with copies was begun and is not committed. */
    boolean isWritingCopies() {
        var written = republication;
        return written != null && written.isWriting();
    }

    /** Whether step 3 was passed: from then on the stamp is used up. */
    boolean isClaimed() {
        return claimed;
    }

    /**
     * Step 0: before anything is disturbed. The transactional id goes to the last caller of initTransactions, not to the highest
     * term: a stale opener that skips this step knocks out the rightful owner.
     */
    private CompletableFuture<LogWindow> readTail() {
        return scanner.lastWindow(ownNonces).thenApply(this::refuseIfTaken);
    }

    /** Step 1: lane A, then lane B; never in parallel, never the other way round. */
    private CompletableFuture<Void> fence() {
        doing = "taking over the transactional ids";
        connected = live.range();
        return lane(Lane.A).init().thenCompose(done -> lane(Lane.B).init());
    }

    /** Step 2. */
    private CompletableFuture<Void> claim(long lastTimestampMs) {
        doing = "committing the claim";
        var body = new ControlBody.Claim(author, nonce, shared.time().wallMs(), topicId).toBytes();
        var lane = lane(Lane.A);
        lane.begin();
        lane.send(
                WalHeaderCodec.outgoing(
                        new WalHeader.Claim(stamp),
                        Math.max(lastTimestampMs, shared.time().wallMs()),
                        new WalRecord(null, body, List.of())),
                (offset, fault) -> claimOffset = offset);
        return lane.commit();
    }

    /**
     * Step 3: no stale replica can serve the offset of our own claim. That this read is read_committed is part of the fence: the
     * last stable offset above the claim proves, at the partition, that no older transaction is still open. Never replace it.
     */
    private CompletableFuture<LogWindow> readBack(LogWindow looked) {
        doing = "waiting for the claim at offset " + claimOffset
                + " to become visible; an older transaction on the partition holds it back";
        var seen = new ArrayList<LogEntry>(1);
        return scanner.walk(claimOffset, claimOffset + 1, seen::add)
                .thenCompose(walked -> {
                    refuseUnlessOwnClaim(seen);
                    return committed.range();
                })
                .thenCompose(range -> scanner.windowBelow(range, claimOffset, ownNonces, looked.baseOffset()))
                .thenApply(this::refuseIfTaken)
                .thenCompose(this::refuseIfEmptied);
    }

    private void refuseUnlessOwnClaim(List<LogEntry> seen) {
        var own = seen.size() == 1 && nonce.equals(seen.get(0).nonce());
        if (!own) {
            throw Problem.of(ErrorCode.UNAVAILABLE, operation())
                    .pchannel(pchannel)
                    .found("something else at offset " + claimOffset + ", where the own claim was committed")
                    .fix("look whether the topic was created again; then open the log at a higher term")
                    .exception();
        }
    }

    /** The test of steps 0 and 3: the highest stamp decides, not the last. */
    private LogWindow refuseIfTaken(LogWindow window) {
        var cancelled = driver.get();
        if (cancelled != null) {
            throw cancelled;
        }
        if (!window.highest().isBelow(stamp)) {
            throw Problem.of(ErrorCode.TERM_EXPIRED, operation())
                    .pchannel(pchannel)
                    .with("term", window.highest().term())
                    .found(window.holder())
                    .expected("nothing at or above term " + stamp.term())
                    .fix("open it at a term above " + window.highest().term())
                    .exception();
        }
        return window;
    }

    /** Only behind the own claim: a deposed leader may show a log that ends where a trim began. */
    private CompletableFuture<LogWindow> refuseIfEmptied(LogWindow window) {
        if (window.start() > claimOffset) {
            throw Problem.of(ErrorCode.UNAVAILABLE, operation())
                    .pchannel(pchannel)
                    .found("the own claim at offset " + claimOffset + " trimmed, by an owner that came after it")
                    .fix("look who holds the log")
                    .exception();
        }
        if (window.base() != null || window.start() == 0 || forced != null) {
            return CompletableFuture.completedFuture(window);
        }
        // An owner that came after the claim may have trimmed the log up to its own snapshot, which stands behind the
        // claim.
        return readTail().thenApply(untaken -> {
            throw DataLossErrors.emptied(operation(), pchannel, window.start());
        });
    }

    /** Steps 4 and 5: what was acknowledged, or may have been, but not committed, is written again. */
    private CompletableFuture<OpenedLog> recover(LogWindow window) {
        claimed = true;
        if (forced != null) {
            return force(window, forced);
        }
        var search = new SessionSearch(operation(), pchannel, scanner, bounds(), known);
        return search.find(window).thenComposeAsync(this::recover, shared.io());
    }

    private CompletableFuture<OpenedLog> recover(SessionSearch.Result found) {
        refuseIfUnfinished(found.snapshot());
        var window = found.window();
        doing = "writing again what was acknowledged and not committed, from offset " + window.afterBase() + " to "
                + claimOffset;
        var republication = republication();
        var settled = found.snapshotAt();
        var rule = new CheckedRule(operation(), pchannel, window.position(), known)
                .settledBy(settled.highest(), settled.next());
        var tail = new UncommittedTail(pchannel, window, rule, republication, new SessionReplay(found.sessions()));
        return connected
                .handle((range, error) -> new LogScanner(live, driver))
                .thenCompose(walker -> walker.walkAsync(window.afterBase(), claimOffset, tail::take))
                .thenCompose(walked -> {
                    tail.refuseUnlessShown();
                    return oldest(window);
                })
                .thenCompose(oldest -> {
                    var timestampMs =
                            Math.max(tail.lastTimestampMs(), shared.time().wallMs());
                    var storeId = found.snapshot().storeId();
                    var body = new ControlBody.Snapshot(author, nonce, oldest, storeId, false);
                    return republication
                            .finish(
                                    tail.next(),
                                    timestampMs,
                                    body.toBytes(tail.sessions().sessions()))
                            .thenApply(offset -> opened(
                                    new SnapshotAt(offset, tail.next(), storeId),
                                    oldest,
                                    timestampMs,
                                    tail.sessions(),
                                    republication.count()));
                });
    }

    /** Instead of these steps: the log has no records, and begins at another LSN. */
    private CompletableFuture<OpenedLog> force(LogWindow window, ForcedStart start) {
        var republication = republication();
        return connected
                .handle((range, error) -> new LogScanner(live, driver))
                .thenCompose(walker -> start.refuseUnlessEmpty(pchannel, window, walker, claimOffset))
                .thenComposeAsync(
                        empty -> start.write(pchannel, stamp, author, republication, this::deleteBelow), shared.io())
                .thenApply(snapshot ->
                        opened(snapshot, snapshot.lsn(), start.timestampMs(), new WriterSessions(bounds()), 0));
    }

    /** Only once the record at the offset, whose commit was answered, is visible: until then no stamp would be. */
    private CompletableFuture<Void> deleteBelow(PChannel of, long offset) {
        doing = "waiting for the lease at offset " + offset + " to become visible";
        return scanner.walk(offset, offset + 1, entry -> {})
                .thenCompose(visible -> shared.ports().trimmer().deleteBelow(of, offset));
    }

    private Republication republication() {
        var begun = new Republication(lane(Lane.A), stamp, claimOffset, copyBytes, shared.io(), driver::gotFurther);
        republication = begun;
        return begun;
    }

    private WriterSessions.Bounds bounds() {
        return WriterSessions.Bounds.of(shared.settings());
    }

    private void refuseIfUnfinished(ControlBody snapshot) {
        if (snapshot.isUnfinished()) {
            throw Problem.of(ErrorCode.DATA_LOSS, operation())
                    .pchannel(pchannel)
                    .found("a log that " + snapshot.text("owner") + " began to restore and did not finish")
                    .expected("all of its records, or their numbers would be used again")
                    .fix("delete the topic, create it again and restore it once more")
                    .exception();
        }
    }

    /** The oldest LSN: that of the first committed record that is still there; what was aborted before it may be void. */
    private CompletableFuture<Long> oldest(LogWindow window) {
        return window.start() == 0
                ? CompletableFuture.completedFuture(0L)
                : scanner.firstNumbered(window.start(), window.end())
                        .thenApply(first -> first == null ? 0 : first.lsn())
                        .thenApply(oldest -> {
                            shared.indexes().of(pchannel, topicId).beginsWith(window.start(), oldest);
                            return oldest;
                        });
    }

    private OpenedLog opened(
            SnapshotAt snapshot, long oldest, long timestampMs, WriterSessions sessions, long republished) {
        synchronized (this) {
            if (closed) {
                throw Takeover.cancelledProblem(operation(), pchannel);
            }
            handedOver = true;
            shared.leads().opened(pchannel, timestampMs, shared.time());
            return new OpenedLog(
                    pchannel,
                    stamp,
                    Map.copyOf(lanes),
                    snapshot.lsn(),
                    oldest,
                    snapshot,
                    timestampMs,
                    sessions,
                    republished,
                    shared.owners().begin(pchannel, topicId, stamp, snapshot));
        }
    }

    private synchronized LaneProducer lane(Lane lane) {
        if (closed) {
            throw Takeover.cancelledProblem(operation(), pchannel);
        }
        return lanes.computeIfAbsent(lane, wanted -> shared.producers().create(pchannel, wanted));
    }

    private String operation() {
        return (forced == null ? "open " : "restore ") + pchannel + " at term " + stamp.term();
    }
}
