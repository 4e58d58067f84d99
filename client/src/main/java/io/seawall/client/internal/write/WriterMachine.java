package io.seawall.client.internal.write;

import io.seawall.client.internal.rpc.CallFailure;
import io.seawall.client.log.Ack;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.SeawallException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All decisions of a writer: what to send under which number, what an answer means, and what the end of a call means. Has no
 * threads, clock or I/O: events and the time go in, {@link #take decisions} come out. Used by one thread.
 *
 * <p>The log takes the numbers of a session in order, each once. So the number of a batch is its place: the number of the oldest
 * unanswered batch ({@link #base}) plus the batches before it. Three things need care.
 *
 * <ul>
 *   <li><b>A refused batch does not use its number up</b>, and the log refuses those behind it, which were on their way already,
 *       with SEQUENCE_GAP. The machine then sends nothing until all of these are answered ({@link #sweeping}), and sends them
 *       again under their new numbers.
 *   <li><b>A call that ends leaves loose copies</b>: batches without an answer, which the log may have, or may still get. They
 *       are sent again under the same number, with which the log recognizes them.
 *   <li><b>Both at once</b>: a loose copy of a batch whose number would change. Under another number in the same session it could
 *       be written twice, by the new copy and by the loose one. So the batch is first sent again under its old number. If the log
 *       does not have it, it never will: the loose copy would be refused as long as the refused number stays open. The writer
 *       leaves the number open for ever and goes on with a new session.
 * </ul>
 */
final class WriterMachine {
    /** How many batches of a session the log remembers, and so how many may be without an answer. */
    static final int PIPELINE = 5;

    /** How often nodes may say that there is no such log before one opens it: a new one is not known everywhere. */
    private static final int MOST_NOT_FOUND = 3;

    /** After which time without anything to send a call is given back to the node. */
    private static final long IDLE_MS = 60_000;

    private final MachineSettings settings;
    private final Reconnects reconnects;
    private final WriterErrors errors;

    /** What is not answered to callers, oldest first. The batches with loose copies are the first ones. */
    private final List<Batch> active = new ArrayList<>();

    /** What is on the call that is open, in the order of its answers. While not sweeping, these are the first ones of active. */
    private final Deque<Batch> flight = new ArrayDeque<>();

    private List<Decision> decisions = new ArrayList<>();
    private Link link = new Link.Idle();
    private @Nullable String session;
    private long base; // the number of the first batch of active
    private long lastLsn = -1;
    private long heardMs; // when the call gave its last answer, or the oldest batch in flight was sent
    private int calls;
    private int notFound;
    private boolean wasOpen;
    private boolean sweeping;
    private boolean forgotten; // the log does not know the session any more, and has all that was acknowledged
    private @Nullable SeawallException dividing; // why to divide the first batch once the sweep is over
    private @Nullable CallFailure leave; // why to leave the call once the sweep is over
    private @Nullable SeawallException ending; // why to end once the sweep is over
    private @Nullable SeawallException lastFailure;

    WriterMachine(MachineSettings settings, Reconnects reconnects) {
        this.settings = settings;
        this.reconnects = reconnects;
        this.errors = new WriterErrors(settings.pchannel());
        this.session = settings.session();
        this.base = settings.firstSeq();
    }

    /** Returns the decisions since the last call of this method. */
    List<Decision> take() {
        var taken = decisions;
        decisions = new ArrayList<>();
        return taken;
    }

    /** Returns how many more batches the machine takes now. */
    int room() {
        return isEnded() || ending != null ? 0 : Math.max(0, pipeline() - active.size());
    }

    boolean isEmpty() {
        return active.isEmpty();
    }

    boolean isEnded() {
        return link instanceof Link.Ended;
    }

    /** Returns why the last call or batch failed for a time, for messages. */
    @Nullable
    SeawallException lastFailure() {
        return lastFailure;
    }

    private int pipeline() {
        return session == null ? 1 : PIPELINE;
    }

    /** Takes a batch to send. The caller asks for {@link #room} before. */
    void add(Batch batch, long nowMs) {
        active.add(batch);
        pump(nowMs);
    }

    /** The node has the log open and takes batches. */
    void opened(int call, CallLimits limits, long nowMs) {
        if (link instanceof Link.Opening opening && opening.call() == call) {
            link = new Link.Open(call, limits);
            wasOpen = true;
            heardMs = nowMs;
            pump(nowMs);
        }
    }

    /** The oldest batch in flight is in the log. */
    void acknowledged(int call, Ack ack, long nowMs) {
        if (!link.isCall(call)) {
            return;
        }
        var batch = flight.poll();
        heardMs = nowMs;
        if (dividing != null && active.size() > 1 && active.get(1) == batch) {
            failUndivided(); // the log refused it and went on behind it, so its place is gone
        }
        if (batch == null) {
            end(errors.broken("it acknowledged a batch that was not sent"));
            return;
        }
        if (batch != active.get(0)) {
            batch.lost(); // the log has it, and those before it are sent again: it is answered again behind them, as
            // a repetition
            afterAnswer(nowMs);
            return;
        }
        var wrong = Answers.wrong(batch, ack, lastLsn, settings.newSession() != null);
        if (wrong != null) {
            end(errors.broken(wrong));
            return;
        }
        if (settings.firstTime() && ack.repeated() && batch.wasSentOnce()) {
            end(errors.inUse(session, batch.seq()), batch);
            return;
        }
        active.remove(0);
        base = batch.seq() + 1;
        lastLsn = ack.last();
        reconnects.succeeded();
        decisions.add(new Decision.Acknowledge(batch, ack));
        afterAnswer(nowMs);
    }

    /** The oldest batch in flight was refused. */
    void refused(int call, SeawallException problem, long nowMs) {
        if (!link.isCall(call)) {
            return;
        }
        var batch = flight.poll();
        heardMs = nowMs;
        if (batch == null) {
            end(errors.broken("it refused a batch that was not sent"));
            return;
        }
        if (session != null && problem.is(Codes.SEQUENCE_GAP)) {
            gap(batch, problem);
        } else if (problem.effect() != Effect.NONE || problem.is(Codes.OUTCOME_UNKNOWN)) {
            lost(batch, problem);
            leave = passing(problem);
        } else if (CallFailure.passes(problem.code())) {
            batch.answered();
            leave = passing(problem);
        } else if (batch != active.get(0)) {
            refusedOutOfTurn(batch, problem);
        } else {
            refusedForGood(batch, problem);
        }
        if (!isEnded()) {
            sweeping = true;
            afterAnswer(nowMs);
        }
    }

    private CallFailure passing(SeawallException problem) {
        lastFailure = problem;
        return new CallFailure(problem, true, null, 0);
    }

    private void gap(Batch batch, SeawallException problem) {
        if (sweeping && problem.effect() == Effect.NONE) {
            batch.answered();
            batch.foundAbsent();
        } else if (settings.newSession() != null && Answers.isForgotten(batch, problem, active)) {
            batch.answered();
            forgotten = true;
        } else {
            // The log lost the session while the outcome of a batch was open, or another program uses its id.
            end(problem, problem.effect() == Effect.APPLIED || !batch.isLoose() ? batch : null);
        }
    }

    /** A copy was sent and does not tell whether it was written. Without a session that is the end of the batch. */
    private void lost(Batch batch, SeawallException why) {
        batch.lost();
        if (session == null) {
            active.remove(batch);
            fail(batch, errors.unknown(why));
            ending = settings.stopAtFailure() ? why : ending;
        }
    }

    /** One before it is sent again; then this one has its turn. */
    private void refusedOutOfTurn(Batch batch, SeawallException problem) {
        batch.answered();
        if (Answers.isFinal(batch, problem)) {
            batch.foundAbsent();
        } else if (batch.isLoose()) {
            leave = passing(problem); // with a pause, since it may be asked for again at once
        }
    }

    private void refusedForGood(Batch batch, SeawallException problem) {
        if (batch.isLoose() && !Answers.isFinal(batch, problem)) {
            end(problem);
            return;
        }
        batch.answered();
        if (batch.isDivisible() && Answers.isOfTheBatch(problem)) {
            dividing = problem;
            return;
        }
        active.remove(0);
        fail(batch, problem);
        if (settings.stopAtFailure()) {
            ending = problem;
        }
    }

    private void failUndivided() {
        if (dividing != null) {
            fail(active.remove(0), dividing);
            ending = settings.stopAtFailure() ? dividing : ending;
            dividing = null;
        }
    }

    /** Replaces a batch by its halves: only some of its appends are to blame. */
    private void divide(int index) {
        var batch = active.get(index);
        active.set(index, batch.firstHalf());
        active.add(index + 1, batch.secondHalf());
    }

    private void afterAnswer(long nowMs) {
        if (flight.isEmpty()) {
            sweeping = false;
            if (dividing != null) {
                divide(0);
                dividing = null;
            }
            if (ending != null) {
                end(ending);
            } else if (leave != null) {
                cancelCall();
                callIsOver(leave, nowMs);
            }
        }
        pump(nowMs);
    }

    /** The call ended by itself. */
    void callEnded(int call, CallFailure failure, long nowMs) {
        if (!link.isCall(call)) {
            return;
        }
        link = new Link.Idle();
        lastFailure = failure.error();
        failUndivided();
        List.copyOf(flight).forEach(batch -> lost(batch, failure.error()));
        flight.clear();
        sweeping = false;
        if (ending != null) {
            end(ending);
        } else if (failure.passes() || active.isEmpty() || isNotFoundYet(failure)) {
            callIsOver(failure, nowMs);
        } else {
            end(failure.error(), null, failure.error()); // no append can succeed
        }
    }

    /** A node that was just started may not know a log that was there before, nor one that is new. */
    private boolean isNotFoundYet(CallFailure failure) {
        if (!failure.error().is(Codes.NOT_FOUND)) {
            return false;
        }
        notFound++;
        return wasOpen || notFound < MOST_NOT_FOUND;
    }

    private void callIsOver(CallFailure failure, long nowMs) {
        leave = null;
        var pauseMs = reconnects.failed(failure);
        link = active.isEmpty() ? new Link.Idle() : new Link.Waiting(nowMs + pauseMs);
        if (pauseMs == 0) {
            pump(nowMs);
        }
    }

    /** Time has passed. To be called at {@link #wakeAtMs}, and at any other time. */
    void tick(long nowMs) {
        while (!isEnded() && !active.isEmpty() && active.get(0).deadlineMs() <= nowMs) {
            expire(active.get(0));
        }
        if (link instanceof Link.Opening opening && opening.sinceMs() + settings.openTimeoutMs() <= nowMs) {
            giveUp("the node did not open the call in " + settings.openTimeoutMs() + " ms", nowMs);
        } else if (link instanceof Link.Open && !flight.isEmpty() && heardMs + settings.answerTimeoutMs() <= nowMs) {
            giveUp("the node did not answer in " + settings.answerTimeoutMs() + " ms", nowMs);
        } else if (link instanceof Link.Open && active.isEmpty() && heardMs + IDLE_MS <= nowMs) {
            cancelCall();
            link = new Link.Idle();
        }
        pump(nowMs);
    }

    private void giveUp(String why, long nowMs) {
        var call = cancelCall();
        callEnded(call, CallFailure.unavailable("cannot append to " + settings.pchannel() + ": " + why), nowMs);
    }

    private void expire(Batch oldest) {
        dividing = null;
        if (!oldest.isInFlight() && !oldest.isLoose()) {
            active.remove(0);
            var nothing = errors.timedOut(lastFailure);
            fail(oldest, nothing);
            if (settings.stopAtFailure()) {
                end(nothing);
            }
            return;
        }
        var unknown = errors.timedOutUnknown(lastFailure);
        if (session != null) {
            end(unknown);
            return;
        }
        cancelCall();
        flight.clear();
        leave = null;
        sweeping = false;
        link = new Link.Idle();
        active.remove(0);
        fail(oldest, unknown);
        if (settings.stopAtFailure()) {
            end(unknown);
        }
    }

    /** Returns when {@link #tick} has something to do at the latest; {@link Long#MAX_VALUE} for never. */
    long wakeAtMs() {
        var wakeMs =
                active.isEmpty() || isEnded() ? Long.MAX_VALUE : active.get(0).deadlineMs();
        if (link instanceof Link.Waiting waiting) {
            wakeMs = Math.min(wakeMs, waiting.untilMs());
        } else if (link instanceof Link.Opening opening) {
            wakeMs = Math.min(wakeMs, opening.sinceMs() + settings.openTimeoutMs());
        } else if (link instanceof Link.Open && !flight.isEmpty()) {
            wakeMs = Math.min(wakeMs, heardMs + settings.answerTimeoutMs());
        } else if (link instanceof Link.Open && active.isEmpty()) {
            wakeMs = Math.min(wakeMs, heardMs + IDLE_MS);
        }
        return wakeMs;
    }

    /** Ends the writer. What is unanswered fails. */
    void close(SeawallException why) {
        if (!isEnded()) {
            end(why);
        }
    }

    private void pump(long nowMs) {
        if (active.isEmpty() || ending != null) {
            return;
        }
        if (link instanceof Link.Idle || (link instanceof Link.Waiting waiting && waiting.untilMs() <= nowMs)) {
            open(nowMs);
        } else if (link instanceof Link.Open open && !sweeping) {
            send(open, nowMs);
        }
    }

    private void open(long nowMs) {
        calls++;
        link = new Link.Opening(calls, nowMs);
        decisions.add(new Decision.Open(calls, session));
    }

    private void send(Link.Open open, long nowMs) {
        if (flight.isEmpty() && !numbersFit(open, nowMs)) {
            return;
        }
        while (!isEnded() && flight.size() < pipeline() && flight.size() < active.size()) {
            var next = active.get(flight.size());
            if (next.isLoose() || !open.limits().isTooLarge(next)) {
                transmit(open.call(), next, base + flight.size(), nowMs);
            } else if (next.isDivisible()) {
                divide(flight.size());
            } else if (open.limits().takesAlone(next)) {
                transmit(open.call(), next, base + flight.size(), nowMs);
            } else if (flight.isEmpty()) {
                refusedForGood(next, errors.tooLarge(next, open.limits()));
                if (ending != null) {
                    end(ending);
                }
            } else {
                return; // it fails once those before it are answered, so that answers stay in order
            }
        }
    }

    /**
     * Checks that no loose copy would change its number. If one would, asks the log for all of them by their old numbers, and
     * once it has none of them, begins a new session.
     */
    private boolean numbersFit(Link.Open open, long nowMs) {
        var fit = !forgotten;
        for (var index = 0; index < active.size(); index++) {
            fit &= !active.get(index).isLoose() || active.get(index).seq() == base + index;
        }
        if (session == null || fit) {
            return true;
        }
        var loose = active.stream().filter(Batch::isLoose).toList();
        if (loose.stream().allMatch(Batch::isAbsent)) {
            renew(nowMs);
        } else {
            sweeping = true;
            loose.forEach(batch -> transmit(open.call(), batch, batch.seq(), nowMs));
        }
        return false;
    }

    private void renew(long nowMs) {
        var sessions = settings.newSession();
        if (sessions == null) {
            end(errors.cannotGoOn(session));
            return;
        }
        cancelCall();
        session = sessions.get();
        base = 0;
        forgotten = false;
        active.forEach(Batch::renewed);
        open(nowMs);
    }

    private void transmit(int call, Batch batch, long seq, long nowMs) {
        if (batch.isLoose() && batch.seq() != seq) {
            throw new IllegalStateException("batch " + batch.seq() + " would be sent as " + seq);
        }
        if (flight.isEmpty()) {
            heardMs = nowMs;
        }
        batch.sent(seq);
        flight.add(batch);
        decisions.add(new Decision.Send(call, batch, seq));
    }

    private int cancelCall() {
        var call = link instanceof Link.Open open
                ? open.call()
                : link instanceof Link.Opening opening ? opening.call() : 0;
        if (call > 0) {
            decisions.add(new Decision.Cancel(call));
        }
        return call;
    }

    private void fail(Batch batch, SeawallException error) {
        decisions.add(new Decision.Fail(batch, error));
    }

    /** Ends the writer because of one append. Those behind it that were not sent fail with CLOSED. */
    private void end(SeawallException why) {
        end(why, null);
    }

    private void end(SeawallException why, @Nullable Batch refused) {
        end(why, refused, errors.closed(why));
    }

    private void end(SeawallException why, @Nullable Batch refused, SeawallException notSent) {
        cancelCall();
        link = new Link.Ended(why);
        for (var batch : active) {
            var open = batch.isInFlight() || batch.isLoose();
            fail(batch, batch == refused ? why : open ? errors.unknown(why) : notSent);
        }
        active.clear();
        flight.clear();
        decisions.add(new Decision.End(why));
    }
}
