package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.Record;
import io.seawall.walkafka.LiveRule.Action;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One pass through the steps of opening a term (design, 6). Why it is safe: a committed claim means that nobody initialized
 * lane A in between, so any other claimant either initialized lane B before us, or never writes.
 */
final class OpeningAttempt {
    private final PChannel pchannel;
    private final Stamp stamp;
    private final Shared shared;
    private final ControlBody.Author author;
    private final String topicId;
    private final Set<String> ownNonces;
    private final String nonce;
    private final LogCursor committed;
    private final LogCursor live;
    private final LogScanner scanner;
    private final Supplier<@Nullable RuntimeException> giveUp;
    private final Map<Lane, LaneProducer> lanes = new EnumMap<>(Lane.class);
    private volatile String doing = "reading the end of the log"; // written step by step, read by whoever gives up
    private boolean closed; // guarded by this, with lanes: a cancel may come between the two creations
    private boolean handedOver; // guarded by this: from then on a close leaves the lanes alone
    private volatile boolean claimed; // written by the opening, read when it failed
    /** The live view's cursor finds its way to the partition's leader while lanes are fenced; what it was told is not used. */
    private volatile CompletableFuture<?> connected = CompletableFuture.completedFuture(null);

    private long claimOffset = -1; // written by the producer's thread before the commit completes, read after

    /**
     * An attempt.
     *
     * @param request what to open
     * @param ownNonces the nonces of this instance's earlier attempts; this one's is added
     * @param giveUp asked between steps; what it gives ends the attempt
     */
    OpeningAttempt(Request request, Set<String> ownNonces, Supplier<@Nullable RuntimeException> giveUp) {
        this.pchannel = request.pchannel();
        this.stamp = request.stamp();
        this.shared = request.shared();
        this.author = request.author();
        this.topicId = request.topicId();
        this.ownNonces = ownNonces;
        this.nonce = shared.nonce();
        this.giveUp = giveUp;
        this.committed = shared.cursors().open(pchannel, Isolation.COMMITTED);
        this.live = shared.cursors().open(pchannel, Isolation.UNCOMMITTED);
        this.scanner = new LogScanner(committed, giveUp);
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
     */
    record Request(PChannel pchannel, Stamp stamp, String topicId, ControlBody.Author author, Shared shared) {}

    /** Runs the steps; the receiver owns the lanes of what it gets. */
    CompletableFuture<OpenedLog> run() {
        return look().thenCompose(
                        looked -> fence().thenComposeAsync(fenced -> claim(looked.lastTimestampMs()), shared.io())
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

    /** What is being done, for whoever has to say why it takes too long. */
    String doing() {
        return doing;
    }

    /** Whether step 3 was passed: from then on the stamp is used up. */
    boolean isClaimed() {
        return claimed;
    }

    /**
     * Step 0: before anything is disturbed. The transactional id goes to the last caller of initTransactions, not to the highest
     * term: a stale opener that skips this step knocks out the rightful owner.
     */
    private CompletableFuture<LogWindow> look() {
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
                        new Record(null, body, List.of())),
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
                .thenApply(this::refuseIfEmptied);
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
        var cancelled = giveUp.get();
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
    private LogWindow refuseIfEmptied(LogWindow window) {
        if (window.start() > claimOffset) {
            throw Problem.of(ErrorCode.UNAVAILABLE, operation())
                    .pchannel(pchannel)
                    .found("the own claim at offset " + claimOffset + " trimmed, by an owner that came after it")
                    .fix("look who holds the log")
                    .exception();
        }
        if (window.base() == null && window.start() > 0) {
            throw Losses.emptied(operation(), pchannel, window.start());
        }
        return window;
    }

    /** Steps 4 and 5: what was acknowledged, or may have been, but not committed, is written again. */
    private CompletableFuture<OpenedLog> recover(LogWindow window) {
        claimed = true;
        var search = new SessionSearch(pchannel, scanner, WriterSessions.Bounds.of(shared.settings()));
        return search.find(window).thenComposeAsync(sessions -> recover(window, sessions), shared.io());
    }

    private CompletableFuture<OpenedLog> recover(LogWindow window, WriterSessions sessions) {
        var lane = lane(Lane.A);
        var republication =
                new Republication(lane, stamp, shared.settings().lease().rollBytes(), shared.io());
        var tail = new UncommittedTail(window, republication, new SessionReplay(sessions));
        return connected
                .handle((range, error) -> new LogScanner(live, giveUp))
                .thenCompose(walker -> walker.walkAsync(window.afterBase(), claimOffset, tail::take))
                .thenCompose(walked -> oldest(window))
                .thenCompose(oldest -> {
                    var timestampMs =
                            Math.max(tail.lastTimestampMs, shared.time().wallMs());
                    var body = ControlBody.snapshot(author, nonce, oldest, sessions.sessions());
                    return republication
                            .finish(tail.position.next(), timestampMs, body)
                            .thenApply(offset -> opened(tail, oldest, offset, timestampMs, republication.count()));
                });
    }

    /** The oldest LSN: that of the first committed record that is still there; what was aborted before it may be void. */
    private CompletableFuture<Long> oldest(LogWindow window) {
        return window.start() == 0
                ? CompletableFuture.completedFuture(0L)
                : scanner.firstNumbered(window.start(), window.end())
                        .thenApply(first -> first == null ? 0 : first.lsn());
    }

    private OpenedLog opened(UncommittedTail tail, long oldest, long snapshotOffset, long timestampMs, long count) {
        synchronized (this) {
            if (closed) {
                throw Takeover.cancelledProblem(operation(), pchannel);
            }
            handedOver = true;
            return new OpenedLog(
                    pchannel,
                    stamp,
                    Map.copyOf(lanes),
                    tail.position.next(),
                    oldest,
                    new SnapshotAt(snapshotOffset, tail.position.next()),
                    timestampMs,
                    tail.sessions.sessions(),
                    count);
        }
    }

    /** Follows the live view from the window's base to the claim. */
    private final class UncommittedTail {
        private final Republication republication;
        private final SessionReplay sessions;
        private final long committedTail;
        private final List<LogEntry> batch = new ArrayList<>();
        private LiveRule.Position position;
        private long lastTimestampMs;

        UncommittedTail(LogWindow window, Republication republication, SessionReplay sessions) {
            this.position = window.position();
            this.committedTail = window.committedTail();
            this.lastTimestampMs = window.lastTimestampMs();
            this.republication = republication;
            this.sessions = sessions;
        }

        CompletableFuture<?> take(LogEntry entry) {
            if (entry.header() == null) {
                return CompletableFuture.completedFuture(null);
            }
            Formats.check(pchannel, entry);
            var step = LiveRule.next(position, entry.header());
            position = step.position();
            if (position.buffered() == 0 && step.action() != Action.DELIVER) {
                batch.clear(); // what was incomplete when its owner lost the log was never acknowledged
            }
            return switch (step.action()) {
                case BUFFER -> buffer(entry);
                case DELIVER -> deliver(entry);
                case PASS, COPY, VOID, HOLD -> CompletableFuture.completedFuture(null);
                case LOST_AND_REUSED, LOST_BEFORE, BROKEN_BATCH ->
                    CompletableFuture.failedFuture(Losses.found(pchannel, step, entry));
            };
        }

        private CompletableFuture<?> buffer(LogEntry entry) {
            batch.add(entry);
            return CompletableFuture.completedFuture(null);
        }

        private CompletableFuture<?> deliver(LogEntry entry) {
            batch.add(entry);
            lastTimestampMs = Math.max(lastTimestampMs, entry.timestampMs());
            var whole = List.copyOf(batch);
            batch.clear();
            // Below the committed tail: an earlier owner wrote it again and committed it, and died before it was done.
            if (position.next() <= committedTail) {
                return CompletableFuture.completedFuture(null);
            }
            whole.forEach(sessions::take);
            return republication.add(whole);
        }
    }

    private synchronized LaneProducer lane(Lane lane) {
        if (closed) {
            throw Takeover.cancelledProblem(operation(), pchannel);
        }
        return lanes.computeIfAbsent(lane, wanted -> shared.producers().create(pchannel, wanted));
    }

    private String operation() {
        return "open " + pchannel + " at term " + stamp.term();
    }
}
