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
 * One attempt to open a log, by the steps of docs/protocol.md#opening. Why only one claimant writes: a committed claim proves that
 * nobody initialized lane A in between. So every other claimant either initialized lane B before this one did, or never writes.
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
            "reading the end of the log"; // written by each step, read for the error of a takeover that is out of time
    private boolean
            closed; // guarded by this, like lanes: a cancel may come between the creation of lane A and of lane B
    private boolean handedOver; // guarded by this; if true, close() leaves the lanes open
    private volatile boolean claimed; // written by the attempt, read after it failed
    /** Completes once the live view's cursor is connected to the partition's leader. It connects while the lanes are fenced. */
    private volatile CompletableFuture<?> connected = CompletableFuture.completedFuture(null);

    private volatile @Nullable Republication republication; // written by the attempt, read after it failed
    private long claimOffset = -1; // written by the producer's thread before the commit completes, read afterwards

    /** The takeover that makes the attempts. Called from any thread. */
    interface Driver extends Takeover.GiveUp {
        /** Called after each fetch that read something, and after each acknowledged copy. */
        void gotFurther();
    }

    /**
     * Creates an attempt and its cursors.
     *
     * @param request what to open
     * @param ownNonces the nonces of this instance's earlier attempts; the constructor adds the nonce of this one
     * @param driver ends the attempt between steps, and receives its progress
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
     * @param author the author of the claim and the snapshot
     * @param shared what all logs of this process share
     * @param forced the LSN at which a restore starts the empty log; null for an opening
     * @param copyBytes how many bytes to republish in one transaction
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

    /** Runs the steps. The receiver of the result closes its lanes. */
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

    /** Closes the lanes, unless the attempt has succeeded. An attempt in progress then fails. */
    synchronized void close() {
        if (!closed && !handedOver) {
            closed = true;
            lanes.values().forEach(LaneProducer::close);
        }
    }

    /** Returns what the attempt is doing, for the error of a takeover that is out of time. */
    String doing() {
        var written = republication;
        return written == null ? doing : doing + "; " + written.committed() + " of these records are done";
    }

    /** Returns whether copies are committed, which the next attempt need not write again. */
    boolean hasCommittedCopies() {
        var written = republication;
        return written != null && written.committed() > 0;
    }

    /** Returns whether a transaction with copies was begun and is not committed. */
    boolean isWritingCopies() {
        var written = republication;
        return written != null && written.isWriting();
    }

    /** Returns whether step 3 has passed; from then on the stamp is used up. */
    boolean isClaimed() {
        return claimed;
    }

    /**
     * Step 0: reads the end of the log and checks its holder before the attempt fences anybody. A transactional id belongs to the
     * last caller of initTransactions, not to the highest term: a stale opener that skipped this step would fence the rightful owner.
     */
    private CompletableFuture<LogWindow> readTail() {
        return scanner.lastWindow(ownNonces).thenApply(this::refuseIfTaken);
    }

    /** Step 1: initializes lane A, then lane B; never in parallel, never in the other order. */
    private CompletableFuture<Void> fence() {
        doing = "taking over the transactional ids";
        connected = live.range();
        return lane(Lane.A).init().thenCompose(done -> lane(Lane.B).init());
    }

    /** Step 2: commits the claim. */
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
     * Step 3: reads the claim back, since no stale replica can serve its offset, then tests the window below it. The isolation
     * level read_committed is part of the fence and must stay: a last stable offset above the claim proves that no older
     * transaction on the partition is open.
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
                    .fix("check whether the topic was created again; then open the log at a higher term")
                    .exception();
        }
    }

    /** The test of steps 0 and 3. The highest stamp decides, not the last one. */
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

    /**
     * Refuses a log whose records another program deleted. Possible in step 3 only: in step 0 a deposed leader may show a log that
     * ends where a trim began.
     */
    private CompletableFuture<LogWindow> refuseIfEmptied(LogWindow window) {
        if (window.start() > claimOffset) {
            throw Problem.of(ErrorCode.UNAVAILABLE, operation())
                    .pchannel(pchannel)
                    .found("that a later owner has trimmed the own claim at offset " + claimOffset)
                    .fix("check which node owns the log")
                    .exception();
        }
        if (window.base() != null || window.start() == 0 || forced != null) {
            return CompletableFuture.completedFuture(window);
        }
        // A later owner may have trimmed the log up to its own snapshot, which is behind the claim. Then readTail()
        // fails with TERM_EXPIRED.
        return readTail().thenApply(untaken -> {
            throw DataLossErrors.emptied(operation(), pchannel, window.start());
        });
    }

    /** Steps 4 and 5: writes again the records that were, or may have been, acknowledged but are not committed. */
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
        doing = "writing again the records that are acknowledged but not committed, from offset " + window.afterBase()
                + " to " + claimOffset;
        var republication = republication();
        var snapshotAt = found.snapshotAt();
        var rule = new CheckedRule(operation(), pchannel, window.position(), known)
                .afterSnapshot(snapshotAt.highest(), snapshotAt.next());
        var tail = new UncommittedTail(pchannel, window, rule, republication, new SessionReplay(found.sessions()));
        return connected
                .handle((range, error) -> new LogScanner(live, driver))
                .thenCompose(walker -> walker.walkAsync(window.afterBase(), claimOffset, tail::take))
                .thenCompose(walked -> {
                    tail.refuseUnlessReadersAgree();
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

    /** Replaces steps 4 and 5 in a restore: starts the empty log at the given LSN. */
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

    /**
     * Deletes the records below an offset, once the committed record at that offset is visible. A commit is answered before its
     * marker is written, and a log without a visible stamp would be open to lower terms.
     */
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

    /** Finds the oldest LSN: that of the first committed record. Aborted records before it may be void, so they do not count. */
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
