package io.seawall.node.grpc.call;

import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes that arrive in one call, as gRPC collects them, and takes them from the budget of the node: gRPC itself holds
 * any number of messages that are not complete. Ends the call at a limit. Thread-safe; the methods of {@link ServerStreamTracer} are
 * called by gRPC on the thread that reads from the connection.
 */
public final class Inbound extends ServerStreamTracer {
    /** Where a call finds its own. */
    static final Context.Key<Inbound> KEY = Context.key("seawall-inbound");

    private static final long NANOS_OF_MS = 1_000_000;

    private final MessageBudget budget;
    private final int mostBytes;
    private final LongSupplier nanoTime;
    private final Runnable closed;

    // Everything below is guarded by this.
    private @Nullable Stop stop;
    private boolean over;
    private boolean complete; // whether a message has come
    private long arrived; // of the message that is not complete
    private long taken; // from the budget
    private long sinceNanos; // the begin of the call, of the demand for its first message, or of that message
    private @Nullable Runnable waiting; // in the budget, for room for the next message

    /** What happens when a limit is reached; called once, must not block. */
    interface Stop {
        /** The message is larger than messages of this call may be. */
        void tooLarge(int mostBytes);

        /** The node has no room for the message. */
        void overloaded();
    }

    /**
     * Creates a count at the begin of a call.
     *
     * @param budget the bytes of all calls
     * @param mostBytes the largest message
     * @param nanoTime a monotonic clock
     * @param closed called once when the call is over for the connection too
     */
    Inbound(MessageBudget budget, int mostBytes, LongSupplier nanoTime, Runnable closed) {
        this.budget = budget;
        this.mostBytes = mostBytes;
        this.nanoTime = nanoTime;
        this.closed = closed;
        this.sinceNanos = nanoTime.getAsLong();
    }

    /** Returns the count of the call that is started. */
    public static Inbound current() {
        var inbound = KEY.get();
        if (inbound == null) {
            throw new IllegalStateException("a call that no CallGate has let in");
        }
        return inbound;
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    synchronized void stopWith(Stop value) {
        stop = value;
    }

    /**
     * Reserves what the next message takes at least. If the node has no room for it, waits until it has.
     *
     * @param ask asks gRPC for the message; called now or later, on any thread, unless the call is over by then
     */
    public void request(Runnable ask) {
        Runnable later = () -> reserved(ask);
        synchronized (this) {
            if (over) {
                return;
            }
            waiting = later;
        }
        if (budget.reserve(later)) {
            later.run();
        } else if (isOver()) {
            budget.withdraw(later); // the call has ended since it was found open above
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    private void reserved(Runnable ask) {
        if (keepReserve()) {
            ask.run();
        } else {
            budget.give(GrpcLimits.RESERVE_BYTES);
        }
    }

    private synchronized boolean keepReserve() {
        waiting = null;
        if (!over) {
            taken += GrpcLimits.RESERVE_BYTES;
        }
        if (!complete && arrived == 0) {
            sinceNanos = nanoTime.getAsLong(); // the client could not send before
        }
        return !over;
    }

    @Override
    public void inboundWireSize(long bytes) {
        Stop ending = null;
        boolean tooLarge;
        synchronized (this) {
            if (arrived == 0 && complete) {
                sinceNanos = nanoTime.getAsLong();
            }
            arrived += bytes;
            tooLarge = arrived > mostBytes;
            if (over) {
                return;
            }
            if (tooLarge || !takeMissing(arrived)) {
                ending = stop;
                stop = null;
            }
        }
        if (ending != null && tooLarge) {
            ending.tooLarge(mostBytes);
        } else if (ending != null) {
            ending.overloaded();
        }
    }

    private boolean takeMissing(long wanted) {
        if (wanted > taken) {
            if (!budget.take(wanted - taken)) {
                return false;
            }
            taken = wanted;
        }
        return true;
    }

    /**
     * Ends the count of a message, which is complete.
     *
     * @param leastBytes what the message takes in memory at least: more than has arrived if it was compressed
     * @return the bytes that it holds of the budget; the caller releases them
     */
    public long received(long leastBytes) {
        long held;
        long surplus;
        synchronized (this) {
            complete = true;
            var size = Math.max(arrived, leastBytes);
            takeMissing(size); // if it fails, the message is here nevertheless
            held = Math.min(size, taken);
            surplus = taken - held;
            taken = 0;
            arrived = 0;
        }
        release(surplus);
        return held;
    }

    /** Gives back what a message holds. */
    public void release(long bytes) {
        if (bytes > 0) {
            budget.give(bytes);
        }
    }

    /**
     * Returns whether the first message, or one that has begun to arrive, takes longer than allowed. A call that waits for room in the
     * budget is not slow: its client must not send.
     */
    synchronized boolean isSlow(long graceMs, long bytesPerSecond) {
        if (over || waiting != null || (complete && arrived == 0)) {
            return false;
        }
        return waitedMs() > graceMs + arrived * 1_000 / bytesPerSecond;
    }

    /** Returns whether the node has had no room for the first message for longer than this. */
    synchronized boolean isHeldUp(long graceMs) {
        return !over && waiting != null && !complete && waitedMs() > graceMs;
    }

    private long waitedMs() {
        return (nanoTime.getAsLong() - sinceNanos) / NANOS_OF_MS;
    }

    @Override
    public void streamClosed(Status status) {
        long rest;
        Runnable left;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            stop = null;
            left = waiting;
            waiting = null;
            rest = taken;
            taken = 0;
        }
        if (left != null) {
            budget.withdraw(left);
        }
        release(rest);
        closed.run();
    }
}
