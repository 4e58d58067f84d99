package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.lease.LeaseState.Active;
import io.seawall.walkafka.internal.lease.LeaseState.Idle;
import io.seawall.walkafka.internal.lease.LeaseState.Priming;
import io.seawall.walkafka.internal.lease.LeaseState.Starting;
import io.seawall.walkafka.internal.lease.LeaseState.Switching;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.internal.open.RollPace;
import io.seawall.walkafka.internal.scan.OwnOffsets;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.internal.serial.PortErrors;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the two lanes of an opened log (docs/protocol.md#lease). Appends go into the open transaction of one lane and are
 * acknowledged as fast as a plain producer is. Meanwhile the other lane is primed; then appends go there, and the first lane
 * commits in the background. Used on the log's mailbox only; never blocks.
 */
public final class LeaseWriter {
    private final WalSettings settings;
    private final boolean groupCommit; // callers wait for commits, so leases follow each other without a pause
    private final Time time;
    private final LeaseEvents events;
    private final LaneTransactions lanes;
    private final Deque<PendingAppend> queue = new ArrayDeque<>();
    private final InFlight inFlight = new InFlight();
    private final Demands demands = new Demands();
    private final LeaseSends sends;
    private final Admission admission;
    private final Acknowledgements acknowledgements;
    private final SnapshotSchedule snapshots;
    private final LeaseTimer timer;
    private final TopicWatch watch;
    private final OwnOffsets own; // of the records that are acknowledged in the order of sending

    private LeaseState state = new Idle(Lane.A);
    private @Nullable Lane committing;
    private long commitBegun; // everything below this LSN is committed or being committed
    private long primedOffset; // of the last lease record on the other lane
    private long lastAppendMs;
    private long nowMs; // the time of the current pass, since a read of the clock for each record costs throughput
    private long leftQueueBytes; // of appends that left the queue and were not reported yet
    private boolean ended;

    /**
     * Starts to write.
     *
     * @param log the log; this object closes its lanes
     * @param pace the age at which leases roll, which depends on the other logs of the process
     * @param author the author in control records
     * @param events receives what happens
     */
    public LeaseWriter(
            OpenedLog log,
            WalSettings settings,
            RollPace pace,
            ControlBody.Author author,
            Time time,
            LeaseEvents events) {
        this.settings = settings;
        this.groupCommit = settings.ack() == WalSettings.Ack.COMMITTED;
        this.time = time;
        this.events = events;
        this.acknowledgements = new Acknowledgements(events::post, this::onAcknowledged);
        var records = new StampedRecords(log.stamp(), author, log.lastTimestampMs(), time);
        this.snapshots = new SnapshotSchedule(log, settings.lease().snapshotBytes());
        this.timer = new LeaseTimer(pace, time, events, this::pump);
        this.watch = new TopicWatch(inFlight, events, this::activeProducer, this::fail);
        this.commitBegun = log.tail();
        this.own = log.own();
        own.register(new ForgedRecordsHandler(events::post, this::failOnceCommitted, this::writeSnapshot));
        this.admission = new Admission(log.pchannel(), log.sessions());
        this.sends = new LeaseSends(log, records, inFlight, acknowledgements, snapshots, events);
        this.lanes = new LaneTransactions(log.lanes(), time.elapsedMs());
    }

    // Calls

    /** Adds an append to the queue, whose bytes the caller bounds. {@link #sendQueue} sends it. */
    public void add(PendingAppend append) {
        queue.add(append);
    }

    /** Sends queued appends that the limits allow. */
    public void sendQueue() {
        nowMs = time.elapsedMs();
        lastAppendMs = nowMs;
        pumpNow();
    }

    /** Commits everything below an LSN as soon as the order of commits allows, before the lease's time is over. */
    public void commitBelow(long lsn) {
        demands.commitBelow(lsn);
        pump();
    }

    /** Writes a snapshot and commits it, before the lease's time is over. */
    public void writeSnapshot() {
        demands.snapshot();
        pump();
    }

    /** Names a segment store in every snapshot from now on; writes and commits such a snapshot. */
    public void bindStore(String id) {
        snapshots.bind(id);
        writeSnapshot();
    }

    /** Sends appends below this LSN one at a time, so that a refusal tells which append the broker refuses. */
    public void sendAloneBelow(long lsn) {
        demands.sendAloneBelow(lsn);
    }

    /**
     * Requests one more send: the next queued append, or a lease record if the queue is empty.
     *
     * @return the value of {@link #sendsDone} once that is acknowledged
     */
    public long requestSend() {
        var number = inFlight.sent() + 1;
        demands.sends(number);
        pump();
        return number;
    }

    /** Notes the oldest LSN after a trim. */
    public void trimmed(long oldest) {
        snapshots.trimmed(oldest);
    }

    /** Sends a record on each lane if one was not used for this long, because Kafka forgets transactional ids that are idle for days. */
    public void keepLanesAlive(Duration unused) {
        demands.useLanes(lanes.isAnyUnusedSince(time.elapsedMs() - unused.toMillis()) ? lanes.count() : 0);
        pump();
    }

    /** Sends and commits the queued appends, and then reports that it is idle. Begins no lease without an append any more. */
    public void finish() {
        demands.finish();
        pump();
    }

    /** The appends that a writer did not finish, each list in the order of sending. */
    public record Unfinished(List<InFlight.Entry> sent, List<PendingAppend> unsent) {}

    /** Stops for good, and returns the appends in flight and in the queue. */
    public Unfinished stop() {
        ended = true;
        timer.leased(false);
        lanes.close();
        var unsent = List.copyOf(queue);
        queue.clear();
        var sent = inFlight.removeAll().stream()
                .filter(entry -> entry.append() != null)
                .toList();
        return new Unfinished(sent, unsent);
    }

    // Questions

    /** Returns the LSN after the last record that was sent. */
    public long nextLsn() {
        return sends.next();
    }

    /** Returns how many sends are acknowledged, in the order of sending. A batch is one send. */
    public long sendsDone() {
        return inFlight.done();
    }

    /** Returns the last committed snapshot. The live view is complete from there on. */
    public SnapshotAt snapshot() {
        return snapshots.last();
    }

    /** Returns the age of the active lane's transaction. */
    public long leaseAgeMs() {
        return state.kind() == LeaseState.Kind.IDLE
                ? 0
                : time.elapsedMs() - lanes.of(state.lane()).sinceMs();
    }

    boolean isIdle() {
        return state.kind() == LeaseState.Kind.IDLE && queue.isEmpty() && committing == null;
    }

    // One pass: steps until the state allows no further one

    private void pump() {
        nowMs = time.elapsedMs();
        pumpNow();
    }

    private void pumpNow() {
        try {
            var more = true;
            // After a failed send nothing more is sent, since it would fail too.
            while (more && !ended && acknowledgements.failure() == null) {
                more = advance();
            }
        } catch (LaneFault fault) {
            fail(fault);
            return;
        } finally {
            if (leftQueueBytes > 0) {
                events.sent(leftQueueBytes);
                leftQueueBytes = 0;
            }
        }
        var leaving = demands.leaving();
        if (leaving != null && !ended && isAllCommitted()) {
            fail(leaving);
        } else if (!ended && demands.isFinishing() && isIdle()) {
            events.idle();
        }
    }

    /** Takes one step; returns whether another one may follow at once. */
    private boolean advance() {
        return switch (state.kind()) {
            case IDLE -> beginLease((Idle) state);
            case STARTING -> false;
            case ACTIVE -> isDue() ? endLease((Active) state) : send();
            case PRIMING -> send();
            case SWITCHING -> switchLanes((Switching) state);
        };
    }

    private boolean beginLease(Idle idle) {
        if (demands.isLeaving()) {
            return false;
        }
        var first = queue.peek();
        if (first != null && answered(first)) {
            return true; // before a transaction begins that would stay empty
        }
        if ((first == null && !demands.isLeaseWanted(inFlight.sent())) || isAtCap() || idle.lane() == committing) {
            return false;
        }
        var transaction = begin(idle.lane());
        state = idle.begin();
        demands.leaseBegun();
        // Two batches in flight at the start of a transaction can collide at the coordinator, so the first one goes
        // alone.
        if (first != null && first.fitsOneProduceBatch()) {
            queue.remove();
            send(transaction, first);
        } else {
            sends.lease(transaction);
        }
        return false;
    }

    private boolean isDue() {
        if (committing != null) {
            return false;
        }
        var transaction = lanes.of(state.lane());
        return demands.isCommitWanted(state.lane(), commitBegun)
                || nowMs - transaction.sinceMs() >= timer.rollMs()
                || transaction.bytes() >= settings.lease().rollBytes();
    }

    private boolean endLease(Active active) {
        if (isQuiet()) {
            state = active.rest();
            timer.leased(false);
            commit(active.lane());
            return true;
        }
        var other = begin(active.lane().other());
        state = active.prime();
        var before = own.lastOffset(); // a record that is acknowledged from now on may be behind the lease record
        other.producer().send(sends.lease(), (offset, fault) -> events.post(() -> onPrimed(before, offset, fault)));
        return true;
    }

    /**
     * Returns whether nothing is queued or in flight and no append came for a while: an idle log holds no transaction. A log that
     * is to write a snapshot is not quiet: where each send takes longer than a lease, every lease would end before the snapshot is
     * sent.
     */
    private boolean isQuiet() {
        var quietMs = demands.isFinishing() || groupCommit ? 0 : timer.rollMs();
        return queue.isEmpty()
                && inFlight.isEmpty()
                && !demands.isRecordWanted(inFlight.sent())
                && nowMs - lastAppendMs >= quietMs;
    }

    private void onPrimed(long before, long offset, @Nullable LaneFault fault) {
        if (ended) {
            return;
        }
        if (fault != null) {
            fail(fault);
        } else if (offset <= before) {
            endAt(before, offset);
        } else {
            primedOffset = offset;
            state = ((Priming) state).primed();
            pump();
        }
    }

    private boolean switchLanes(Switching switching) {
        if (!inFlight.isEmpty()) {
            return false;
        }
        state = switching.switched();
        if (primedOffset > own.lastOffset()) {
            own.acknowledged(sends.next(), 0, primedOffset);
        }
        commit(switching.lane());
        return true;
    }

    private boolean send() {
        return !demands.isSentAlone(inFlight) && (sendQueued() || sendWanted());
    }

    private boolean sendQueued() {
        var first = queue.peek();
        if (first == null || demands.isLeaving() || isAtCap() || !fitsWindow(first)) {
            return false;
        }
        if (answered(first)) {
            return true;
        }
        queue.remove();
        var transaction = lanes.of(state.lane());
        send(transaction, first);
        if (snapshots.isDue() && !demands.isSentAlone(inFlight)) {
            sends.snapshot(transaction);
        }
        return true;
    }

    /** Answers an append that must not be written, after those in flight. Returns false if it is to be written. */
    private boolean answered(PendingAppend first) {
        var reply = admission.reply(first.request(), sends.next());
        if (reply == null) {
            return false;
        }
        queue.remove();
        inFlight.add(InFlight.Entry.answer(first, reply, sends.next()));
        leftQueueBytes += first.sizeBytes();
        takeAcknowledged();
        return true;
    }

    /** Sends a control record that is wanted. Instead of a lease record, the append that waits for the window will do. */
    private boolean sendWanted() {
        var transaction = lanes.of(state.lane());
        if (demands.takeSnapshot(state.lane())) {
            sends.snapshot(transaction);
            return true;
        }
        if (demands.isSendWanted(inFlight.sent()) && queue.isEmpty()) {
            sends.lease(transaction);
            return true;
        }
        return false;
    }

    private boolean fitsWindow(PendingAppend append) {
        return inFlight.isEmpty()
                || inFlight.bytes() + append.sizeBytes() <= settings.limits().windowBytes();
    }

    private boolean isAtCap() {
        return lanes.bytes() >= settings.lease().uncommittedBytes();
    }

    private LaneTransaction begin(Lane lane) {
        var transaction = lanes.of(lane);
        transaction.begin(time.elapsedMs());
        timer.leased(true);
        timer.start(transaction);
        watch.start();
        return transaction;
    }

    private @Nullable LaneProducer activeProducer() {
        return ended || state.kind() == LeaseState.Kind.IDLE
                ? null
                : lanes.of(state.lane()).producer();
    }

    private void send(LaneTransaction transaction, PendingAppend append) {
        sends.append(transaction, append);
        leftQueueBytes += append.sizeBytes();
        if (groupCommit) {
            demands.commitBelow(sends.next());
        }
    }

    // Acknowledgements

    /** Takes all acknowledgements that have arrived, and only then sends more. */
    private void onAcknowledged() {
        if (ended) {
            return;
        }
        // Read the failure first: the entries then include every acknowledgement before it, and none after it.
        var failure = acknowledgements.failure();
        takeAcknowledged();
        if (ended) {
            return;
        }
        if (failure != null) {
            inFlight.blameIfAlone(failure);
            fail(failure);
        } else {
            pump();
        }
    }

    /** Reports the entries that are complete, in the order of sending. Ends if offsets do not rise as LSNs do. */
    private void takeAcknowledged() {
        var complete = new ArrayList<InFlight.Entry>();
        for (var head = inFlight.oldestIfComplete(); head != null; head = inFlight.oldestIfComplete()) {
            if (head.reply() == null && head.offset() <= own.lastOffset()) {
                reportAcknowledged(complete);
                endAt(own.lastOffset(), head.offset());
                return;
            }
            head.reportTo(own);
            inFlight.removeOldest();
            complete.add(head);
        }
        if (state.kind() == LeaseState.Kind.STARTING && !complete.isEmpty()) {
            state = ((Starting) state).started();
        }
        reportAcknowledged(complete);
    }

    private void reportAcknowledged(List<InFlight.Entry> complete) {
        if (!complete.isEmpty()) {
            events.acknowledged(complete, complete.get(complete.size() - 1).next());
        }
    }

    // Commits

    private void commit(Lane lane) {
        if (committing != null) {
            throw new IllegalStateException("lane " + lane + " must not commit before lane " + committing
                    + " has: what is committed is a prefix");
        }
        committing = lane;
        demands.commitBegun(lane);
        commitBegun = Math.max(commitBegun, lanes.of(lane).next());
        Futures.listen(
                lanes.of(lane).producer().commit(), (nothing, error) -> events.post(() -> onCommitted(lane, error)));
    }

    private void onCommitted(Lane lane, @Nullable Throwable error) {
        if (ended) {
            return;
        }
        if (error != null) {
            fail(PortErrors.laneFault(error));
            return;
        }
        committing = null;
        var transaction = lanes.of(lane);
        transaction.committed();
        var committed = transaction.snapshot();
        if (committed != null) {
            snapshots.committed(committed);
        }
        events.committed(transaction.next());
        pump();
    }

    private boolean isAllCommitted() {
        return inFlight.isEmpty() && committing == null && commitBegun >= sends.next();
    }

    // The end

    /**
     * Fails once everything that was sent is committed. A record whose transaction is aborted is written again further back; in the
     * committed view another program's record with the same number would then come first.
     */
    private void failOnceCommitted(LaneFault fault) {
        if (!demands.isLeaving() && !ended) {
            demands.leave(fault);
            commitBelow(sends.next());
        }
    }

    /** Ends because the partition is another one now, or has lost its end. */
    private void endAt(long before, long offset) {
        ended = true;
        events.offsetWentBack(before, offset);
    }

    private void fail(LaneFault fault) {
        if (!ended) {
            ended = true;
            events.failed(fault);
        }
    }
}
