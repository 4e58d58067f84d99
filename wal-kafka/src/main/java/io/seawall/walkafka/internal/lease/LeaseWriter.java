package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.lease.LeaseState.Active;
import io.seawall.walkafka.internal.lease.LeaseState.Idle;
import io.seawall.walkafka.internal.lease.LeaseState.Priming;
import io.seawall.walkafka.internal.lease.LeaseState.Starting;
import io.seawall.walkafka.internal.lease.LeaseState.Switching;
import io.seawall.walkafka.internal.open.OpenedLog;
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
 * Drives the two lanes of an opened log (docs/protocol.md#lease): appends flow into the open transaction of one lane and are
 * acknowledged at the speed of a bare producer, while the other lane is primed, switched to, and the first one committed behind
 * it. Runs on the log's mailbox only, never blocks; time comes from the clock it is given.
 */
public final class LeaseWriter {
    private final WalSettings settings;
    private final long rollMs;
    private final Time time;
    private final LeaseEvents events;
    private final boolean groupCommit; // leases roll back to back, as callers wait for their commit
    private final LaneTransactions lanes;
    private final Deque<PendingAppend> queue = new ArrayDeque<>();
    private final InFlight inFlight = new InFlight();
    private final LeaseSends sends;
    private final Admission admission;
    private final Acknowledgements acknowledgements;
    private final SnapshotDuty snapshots;
    private final LeaseTimer timer;
    private final TopicWatch watch;

    private LeaseState state = new Idle(Lane.A);
    private @Nullable Lane committing;
    private long commitBegun; // below this LSN everything is committed or about to be
    private long commitWanted; // below this LSN somebody waits for a commit
    private long aloneBelow; // appends below this LSN are sent one at a time
    private boolean closing;
    private boolean ended;
    private final OwnOffsets own; // of what is complete
    private long primedOffset; // of the last lease record on the other lane
    private long lastAppendMs;
    private long nowMs; // the time of the present pass: a clock read for each record would show
    private long leftQueueBytes; // since the owner was told
    private @Nullable LaneFault leaving; // ends this writer once all it sent is committed; it sends nothing until then
    private @Nullable Lane hurried; // its commit is waited for, although nobody appended
    private long sendsWanted; // somebody waits for the acknowledgement of this one
    private int touches; // how many idle lanes are still to be used, so that their ids do not expire

    public LeaseWriter(OpenedLog log, WalSettings settings, ControlBody.Author author, Time time, LeaseEvents events) {
        this.settings = settings;
        this.rollMs = settings.lease().roll().toMillis();
        this.time = time;
        this.events = events;
        this.acknowledgements = new Acknowledgements(events::post, this::onAcknowledged);
        var records = new StampedRecords(log.stamp(), author, log.lastTimestampMs(), time);
        this.groupCommit = settings.ack() == WalSettings.Ack.COMMITTED;
        this.snapshots = new SnapshotDuty(log, settings.lease().snapshotBytes());
        this.timer = new LeaseTimer(rollMs, time, events, this::pump);
        this.watch = new TopicWatch(inFlight, events, this::activeProducer, this::fail);
        this.commitBegun = log.tail();
        this.own = log.own();
        own.tell(new OwnerTold(events::post, this::failOnceCommitted, this::writeSnapshot));
        this.admission = new Admission(log.pchannel(), log.sessions());
        this.sends = new LeaseSends(log, records, inFlight, acknowledgements, snapshots, events);
        this.lanes = new LaneTransactions(log.lanes(), time.elapsedMs());
    }

    /** Takes an append into the queue, whose bytes the caller bounds; {@link #sendWhatWaits} sends it. */
    public void add(PendingAppend append) {
        queue.add(append);
    }

    /** Sends from the queue as much as the limits allow now. */
    public void sendWhatWaits() {
        nowMs = time.elapsedMs();
        lastAppendMs = nowMs;
        pumpNow();
    }

    /** Commits everything below an LSN as soon as the order of commits allows, without waiting for the lease's time. */
    public void commitBelow(long lsn) {
        commitWanted = Math.max(commitWanted, lsn);
        pump();
    }

    /** Writes a snapshot and commits it, without waiting for the lease's time. */
    public void writeSnapshot() {
        snapshots.want();
        pump();
    }

    /** Names a store in every snapshot from now on, and writes and commits one soon. */
    public void bindStore(String id) {
        snapshots.bind(id);
        pump();
    }

    /** Sends appends below this LSN one at a time, so that a refusal tells which one the broker refuses. */
    public void sendAloneBelow(long lsn) {
        aloneBelow = lsn;
    }

    /** The LSN behind everything that was ever sent. */
    public long nextLsn() {
        return sends.next();
    }

    /** The oldest LSN is another one now. */
    public void trimmed(long now) {
        snapshots.trimmed(now);
    }

    /**
     * Has something sent after this call: what waits in the queue, or else a lease record.
     *
     * @return the number that {@link #sendsDone} reaches once it is acknowledged
     */
    public long sendSomething() {
        sendsWanted = inFlight.sent() + 1;
        pump();
        return sendsWanted;
    }

    /** How many records and batches are acknowledged, in the order of sending. */
    public long sendsDone() {
        return inFlight.done();
    }

    /** Sends what waits, commits it, and opens nothing any more. */
    public void finish() {
        closing = true;
        touches = 0;
        pump();
    }

    /** Writes a record on either lane if one was not used for long: Kafka forgets transactional ids that are idle for days. */
    public void keepLanesAlive(Duration unused) {
        var stale = lanes.isAnyUnusedSince(time.elapsedMs() - unused.toMillis());
        touches = stale && !closing ? lanes.count() : 0;
        pump();
    }

    /** The last committed snapshot: the live view is complete from there on. */
    public SnapshotAt snapshot() {
        return snapshots.last();
    }

    /** How long the present transaction of the active lane is open. */
    public long leaseAgeMs() {
        return state.kind() == LeaseState.Kind.IDLE
                ? 0
                : time.elapsedMs() - lanes.of(state.lane()).sinceMs();
    }

    boolean isIdle() {
        return state.kind() == LeaseState.Kind.IDLE && queue.isEmpty() && committing == null;
    }

    /** What a writer had not finished. */
    public record Unfinished(List<InFlight.Entry> sent, List<PendingAppend> unsent) {}

    /** Stops for good; gives what was in flight, and what was never sent, each in order. */
    public Unfinished stop() {
        ended = true;
        lanes.close();
        var unsent = List.copyOf(queue);
        queue.clear();
        var sent = inFlight.removeAll().stream()
                .filter(entry -> entry.append() != null)
                .toList();
        return new Unfinished(sent, unsent);
    }

    /** Does whatever the state allows now. */
    private void pump() {
        nowMs = time.elapsedMs();
        pumpNow();
    }

    private void pumpNow() {
        try {
            var more = true;
            // After a failed send nothing more is sent: it would only fail too.
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
        if (leaving != null && !ended && isAllCommitted()) {
            fail(leaving);
        } else if (!ended && isIdle()) {
            events.idle();
        }
    }

    /**
     * Ends in order: what is aborted is written again further back, and in the committed view another program's records with the
     * same numbers would come first then.
     */
    private void failOnceCommitted(LaneFault fault) {
        if (leaving == null && !ended) {
            leaving = fault;
            commitBelow(sends.next());
        }
    }

    private boolean isAllCommitted() {
        return inFlight.isEmpty() && committing == null && commitBegun >= sends.next();
    }

    /** One step; whether another one may follow at once. */
    private boolean advance() {
        return switch (state.kind()) {
            case IDLE -> startIfWanted((Idle) state);
            case STARTING -> false;
            case ACTIVE -> isDue() ? endLease((Active) state) : sendMore();
            case PRIMING -> sendMore();
            case SWITCHING -> switchIfDrained((Switching) state);
        };
    }

    private boolean startIfWanted(Idle idle) {
        if (leaving != null) {
            return false;
        }
        var first = queue.peek();
        if (first != null && answered(first)) {
            return true; // before anything is begun that would stay empty
        }
        if ((first == null && touches == 0 && !ownIsWanted()) || atCap() || idle.lane() == committing) {
            return false;
        }
        var book = begin(idle.lane());
        state = idle.begin();
        touches = Math.max(0, touches - 1);
        // Two batches in flight at the start of a transaction can collide at the coordinator, so the first one goes
        // alone.
        if (first != null && first.fitsOneProduceBatch()) {
            queue.remove();
            send(book, first);
        } else {
            sends.lease(book);
        }
        return false;
    }

    private boolean isDue() {
        if (committing != null) {
            return false;
        }
        var book = lanes.of(state.lane());
        return closing
                || hurried == state.lane()
                || commitWanted > commitBegun
                || nowMs - book.sinceMs() >= rollMs
                || book.bytes() >= settings.lease().rollBytes();
    }

    private boolean endLease(Active active) {
        if (isQuiet()) {
            state = active.rest();
            commit(active.lane());
            return true;
        }
        var book = begin(active.lane().other());
        state = active.prime();
        var before = own.lastOffset(); // records that are acknowledged from now on may stand behind the lease record
        book.producer().send(sends.lease(), (offset, fault) -> events.post(() -> onPrimed(before, offset, fault)));
        return true;
    }

    /**
     * Returns whether nothing is under way and nothing came lately: an idle log holds no transaction. A snapshot that is wanted is
     * under way too: where each send takes longer than a lease, every lease would end before it.
     */
    private boolean isQuiet() {
        var quietMs = closing || groupCommit ? 0 : rollMs;
        return queue.isEmpty() && inFlight.isEmpty() && !ownIsWanted() && nowMs - lastAppendMs >= quietMs;
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

    private boolean switchIfDrained(Switching switching) {
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

    private boolean sendMore() {
        return !inFlight.beginsBelow(aloneBelow) && (sendQueued() || sendWanted());
    }

    private boolean sendQueued() {
        var book = lanes.of(state.lane());
        var first = queue.peek();
        if (first == null || leaving != null || atCap() || !fitsWindow(first)) {
            return false;
        }
        if (answered(first)) {
            return true;
        }
        queue.remove();
        send(book, first);
        if (snapshots.isDue() && !inFlight.beginsBelow(aloneBelow)) {
            sends.snapshot(book);
        }
        return true;
    }

    /** Answers an append that is not to be written, behind what is in flight; false if it is to be written. */
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

    private boolean ownIsWanted() {
        return snapshots.isWanted() || inFlight.sent() < sendsWanted;
    }

    /** What somebody waits for although nobody appends. An append that waits for the window will do as well, but for a snapshot. */
    private boolean sendWanted() {
        var book = lanes.of(state.lane());
        if (snapshots.takeWanted()) {
            hurried = state.lane();
            sends.snapshot(book);
            return true;
        }
        if (inFlight.sent() < sendsWanted && queue.isEmpty()) {
            sends.lease(book);
            return true;
        }
        return false;
    }

    private boolean fitsWindow(PendingAppend append) {
        return inFlight.isEmpty()
                || inFlight.bytes() + append.sizeBytes() <= settings.limits().windowBytes();
    }

    private boolean atCap() {
        return lanes.bytes() >= settings.lease().uncommittedBytes();
    }

    private LaneTransaction begin(Lane lane) {
        var book = lanes.of(lane);
        book.begin(time.elapsedMs());
        timer.start(book);
        watch.start();
        return book;
    }

    private @Nullable LaneProducer activeProducer() {
        return ended || state.kind() == LeaseState.Kind.IDLE
                ? null
                : lanes.of(state.lane()).producer();
    }

    private void send(LaneTransaction book, PendingAppend append) {
        sends.append(book, append);
        leftQueueBytes += append.sizeBytes();
        if (groupCommit) {
            commitWanted = sends.next();
        }
    }

    /** Takes all acknowledgements that came by now, and sends more only then. */
    private void onAcknowledged() {
        if (ended) {
            return;
        }
        // The failure first: what was acknowledged before it is then seen below, and nothing that came after it.
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

    /** Tells what is complete now, in the order of sending; ends if offsets do not rise as LSNs do. */
    private void takeAcknowledged() {
        var complete = new ArrayList<InFlight.Entry>();
        for (var head = inFlight.complete(); head != null; head = inFlight.complete()) {
            if (head.reply() == null && head.offset() <= own.lastOffset()) {
                tellAcknowledged(complete);
                endAt(own.lastOffset(), head.offset());
                return;
            }
            head.noteIn(own);
            inFlight.removeComplete();
            complete.add(head);
        }
        if (state.kind() == LeaseState.Kind.STARTING && !complete.isEmpty()) {
            state = ((Starting) state).started();
        }
        tellAcknowledged(complete);
    }

    private void tellAcknowledged(List<InFlight.Entry> complete) {
        if (!complete.isEmpty()) {
            events.acknowledged(complete, complete.get(complete.size() - 1).next());
        }
    }

    private void commit(Lane lane) {
        if (committing != null) {
            throw new IllegalStateException("lane " + lane + " must not commit before lane " + committing
                    + " has: what is committed is a prefix");
        }
        committing = lane;
        hurried = hurried == lane ? null : hurried;
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
        var book = lanes.of(lane);
        book.committed();
        var committed = book.snapshot();
        if (committed != null) {
            snapshots.committed(committed);
        }
        events.committed(book.next());
        pump();
    }

    /** The partition is another one now, or has lost its end. */
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
