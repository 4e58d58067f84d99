package io.seawall.node.grpc.read;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.seawall.api.v1.ReadRequest;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One call that reads. While its client takes messages it runs on a thread: one that may block until it is at the tail of its log,
 * then one that it shares with other calls, whenever there is something to send. When the client takes nothing, the call keeps what it
 * has given to gRPC and parks without a thread; gRPC wakes it. Only the thread that runs it uses the cursor and sends.
 *
 * <pre>
 *   NEW --> RUNNING &lt;--> PARKED      the client takes nothing
 *              |    &lt;--> WAITING     at the tail, and nothing to send
 *              v
 *            OVER
 * </pre>
 */
final class ReadCall extends ServerCall.Listener<ReadRequest> {
    /** How long the thread waits for the client before the call parks. Most clients need less between two messages. */
    private static final long SHORT_WAIT_MS = 100;

    private final ServerCall<ReadRequest, ReadMessage> call;
    private final Reads reads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();
    private State state = State.NEW; // this and the next two fields are guarded by the lock
    private long parkedSinceNanos;
    private boolean stalled;
    private volatile boolean cancelled; // written by gRPC, read by the thread that runs the call
    // This and the next field belong to the thread that runs the call; while it waits, to the one that holds the lock.
    private @Nullable Reading reading;
    private @Nullable Cursor cursor;

    /** What the call does. */
    private enum State {
        /** The request has not come. */
        NEW,
        /** It has a thread, or waits for one in a pool. */
        RUNNING,
        /** It waits for its client. */
        PARKED,
        /** It waits for the shared tail. */
        WAITING,
        /** It has ended. */
        OVER
    }

    ReadCall(ServerCall<ReadRequest, ReadMessage> call, Reads reads) {
        this.call = call;
        this.reads = reads;
    }

    void start() {
        call.setOnReadyThreshold(GrpcLimits.READ_AHEAD_BYTES);
        call.sendHeaders(new Metadata());
        call.request(1);
    }

    @Override
    public void onMessage(ReadRequest request) {
        try {
            reading = Reading.of(request);
        } catch (RuntimeException wrong) {
            end(wrong);
            return;
        }
        lock.lock();
        try {
            state = State.RUNNING;
        } finally {
            lock.unlock();
        }
        resume();
    }

    @Override
    public void onHalfClose() {
        if (reading == null && !isOver()) {
            end(Problem.of(ErrorCode.INVALID, "read")
                    .found("a call without a message")
                    .expected("a ReadRequest")
                    .exception());
        }
    }

    @Override
    public void onReady() {
        wake(State.PARKED);
    }

    @Override
    public void onCancel() {
        cancelled = true;
        if (isNew()) {
            forget();
        } else {
            wake(State.PARKED, State.WAITING); // a call has to close its reader, and that may block
        }
    }

    /** Lets the call notice that the node stops. */
    void stop() {
        wake(State.PARKED, State.WAITING);
    }

    /** Lets the call go on if it is in one of these states, and no longer wait for its client if it runs. */
    private void wake(State... from) {
        boolean goes;
        lock.lock();
        try {
            goes = List.of(from).contains(state);
            if (goes) {
                state = State.RUNNING;
            } else {
                ready.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (goes) {
            resume();
        }
    }

    /** Sends what has come, if the call waits for it. Called by the shared tail; does not block. */
    private void changed() {
        boolean goes;
        lock.lock();
        try {
            var at = cursor;
            goes = state == State.WAITING
                    && at != null
                    && at.hasWork(reads.nanoTime().getAsLong());
            if (goes) {
                state = State.RUNNING;
            }
        } finally {
            lock.unlock();
        }
        if (goes) {
            resume();
        }
    }

    /** Ends the call if its client takes nothing for too long. */
    void check() {
        boolean late;
        lock.lock();
        try {
            late = state == State.PARKED
                    && reads.nanoTime().getAsLong() - parkedSinceNanos
                            > reads.stall().toNanos();
            if (late) {
                stalled = true;
                state = State.RUNNING;
            }
        } finally {
            lock.unlock();
        }
        if (late) {
            resume();
        }
    }

    /** Gives the call a thread, of the kind that it needs. */
    private void resume() {
        if (isShared()) {
            reads.tails().send(() -> run(false), this::end);
        } else {
            reads.pool().run(() -> run(true), this::end);
        }
    }

    private boolean isShared() {
        var at = cursor;
        return at != null && at.isShared();
    }

    /**
     * Runs the call until it has to wait.
     *
     * @param mayBlock whether the thread may block; if the call needs one of the other kind, it goes on there
     */
    private void run(boolean mayBlock) {
        try {
            for (var turn = turn(mayBlock); turn != Turn.LEAVE; turn = turn(mayBlock)) {
                if (turn == Turn.CANCELLED) {
                    forget();
                    return;
                }
                if (isShared() == mayBlock) {
                    resume();
                    return;
                }
                if (!next()) {
                    return;
                }
            }
        } catch (RuntimeException error) {
            end(error);
        }
    }

    /** What the thread that runs a call does next. */
    private enum Turn {
        GO,
        /** The call waits without a thread, and another thread may run it already. */
        LEAVE,
        CANCELLED
    }

    /** Sends what is there; returns whether the call goes on. */
    private boolean next() {
        var at = cursor;
        if (at == null) {
            at = open();
        }
        var step = at.next();
        var message = step.message();
        if (message != null) {
            call.sendMessage(message);
            reads.count(at.pchannel(), message.count());
        }
        if (step.last()) {
            forget();
            call.close(Status.OK, new Metadata());
        }
        return !step.last();
    }

    private Cursor open() {
        var wanted = reading;
        if (wanted == null) {
            throw new IllegalStateException("a call that runs before its request came");
        }
        var opened = reads.open(wanted, this::changed);
        cursor = opened;
        return opened;
    }

    private Turn turn(boolean mayBlock) {
        lock.lock();
        try {
            refuseIfOver();
            if (mayBlock) {
                awaitClient();
            }
            if (cancelled) {
                return Turn.CANCELLED;
            }
            if (!call.isReady()) {
                state = State.PARKED;
                parkedSinceNanos = reads.nanoTime().getAsLong();
                return Turn.LEAVE;
            }
            var at = cursor;
            if (!mayBlock
                    && at != null
                    && at.isShared()
                    && !at.hasWork(reads.nanoTime().getAsLong())) {
                state = State.WAITING;
                return Turn.LEAVE;
            }
            return Turn.GO;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw Problem.of(ErrorCode.SHUTTING_DOWN, "read").cause(stopped).exception();
        } finally {
            lock.unlock();
        }
    }

    private void refuseIfOver() {
        if (reads.isStopping()) {
            throw Problem.of(ErrorCode.SHUTTING_DOWN, "read")
                    .found("a node that stops")
                    .fix("read on from another node")
                    .exception();
        }
        if (stalled) {
            reads.countStalled();
            throw Problem.of(ErrorCode.OVERLOADED, "send records")
                    .found("a client that took nothing for " + reads.stall().toSeconds() + " s")
                    .expected("a client that reads what it asked for")
                    .fix("read on from the last record")
                    .exception();
        }
    }

    private void awaitClient() throws InterruptedException {
        var leftNanos = TimeUnit.MILLISECONDS.toNanos(SHORT_WAIT_MS);
        while (!call.isReady() && !cancelled && !reads.isStopping() && leftNanos > 0) {
            leftNanos = ready.awaitNanos(leftNanos);
        }
        refuseIfOver();
    }

    private boolean isNew() {
        return is(State.NEW);
    }

    private boolean isOver() {
        return is(State.OVER);
    }

    private boolean is(State asked) {
        lock.lock();
        try {
            return state == asked;
        } finally {
            lock.unlock();
        }
    }

    private void end(Throwable why) {
        if (isOver()) {
            return;
        }
        forget();
        var status = reads.errors().toStatus(why);
        var trailers = status.getTrailers();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private void forget() {
        lock.lock();
        try {
            state = State.OVER;
        } finally {
            lock.unlock();
        }
        reads.remove(this);
        var open = cursor;
        if (open != null) {
            open.close();
        }
    }
}
