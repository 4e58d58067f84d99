package io.seawall.node.grpc.read;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.ReadResponse;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One call that reads. It runs on a thread of the pool while its client takes messages. When the client does not, the call keeps
 * what it has given to gRPC and parks without a thread; gRPC wakes it. Only the thread that runs it uses the cursor and sends.
 */
final class ReadCall extends ServerCall.Listener<ReadRequest> {
    /** How long the thread waits for the client before the call parks. Most clients need less between two messages. */
    private static final long SHORT_WAIT_MS = 100;

    private final ServerCall<ReadRequest, ReadResponse> call;
    private final Reads reads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();
    private State state = State.NEW; // this and the next two fields are guarded by the lock
    private long parkedSinceNanos;
    private boolean stalled;
    private volatile boolean cancelled; // written by gRPC, read by the thread that runs the call
    private @Nullable Reading reading; // this and the next field belong to the thread that runs the call
    private @Nullable Cursor cursor;

    /** Whether the call has a thread. */
    private enum State {
        /** The request has not come. */
        NEW,
        /** It has a thread, or waits for one in the pool. */
        RUNNING,
        /** It waits for its client. */
        PARKED,
        /** It has ended. */
        OVER
    }

    ReadCall(ServerCall<ReadRequest, ReadResponse> call, Reads reads) {
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
        boolean parked;
        lock.lock();
        try {
            parked = state == State.PARKED;
            if (parked) {
                state = State.RUNNING;
            } else {
                ready.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (parked) {
            resume();
        }
    }

    @Override
    public void onCancel() {
        cancelled = true;
        if (isNew()) {
            forget();
        } else {
            onReady(); // a parked call has to close its reader, and that blocks
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

    /** Lets the call notice that the node stops. */
    void stop() {
        onReady();
    }

    private void resume() {
        reads.pool().run(this::run, this::end);
    }

    private void run() {
        try {
            while (!cancelled && mayGoOn()) {
                if (!next()) {
                    return;
                }
            }
        } catch (RuntimeException error) {
            end(error);
            return;
        }
        if (cancelled) {
            forget();
        }
    }

    /** Sends what is there; returns whether the call goes on. */
    private boolean next() {
        var at = cursor;
        if (at == null) {
            at = open();
        }
        var step = at.next();
        if (step.due()) {
            call.sendMessage(step.message());
            reads.count(at.pchannel(), step.message().getRecordsCount());
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
        var opened = reads.open(wanted);
        cursor = opened;
        return opened;
    }

    /** Returns whether the client takes a message; if not, the call is parked. */
    private boolean mayGoOn() {
        if (reads.isStopping()) {
            throw Problem.of(ErrorCode.SHUTTING_DOWN, "read")
                    .found("a node that stops")
                    .fix("read on from another node")
                    .exception();
        }
        lock.lock();
        try {
            if (stalled) {
                reads.countStalled();
                throw Problem.of(ErrorCode.OVERLOADED, "send records")
                        .found("a client that took nothing for " + reads.stall().toSeconds() + " s")
                        .expected("a client that reads what it asked for")
                        .fix("read on from the last record")
                        .exception();
            }
            var leftNanos = TimeUnit.MILLISECONDS.toNanos(SHORT_WAIT_MS);
            while (!call.isReady() && !cancelled && leftNanos > 0) {
                leftNanos = ready.awaitNanos(leftNanos);
            }
            if (!call.isReady() && !cancelled) {
                state = State.PARKED;
                parkedSinceNanos = reads.nanoTime().getAsLong();
                return false;
            }
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw Problem.of(ErrorCode.SHUTTING_DOWN, "read").cause(stopped).exception();
        } finally {
            lock.unlock();
        }
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
