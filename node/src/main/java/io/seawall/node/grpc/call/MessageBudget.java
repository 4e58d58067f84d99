package io.seawall.node.grpc.call;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Limits the bytes of messages that all calls of the node hold together: those that arrive, and those whose batch has no answer. A
 * call reserves some bytes before it asks for a message, so that a node that is full stops reading instead of failing calls.
 * Thread-safe; callbacks run outside the lock.
 */
public final class MessageBudget {
    private final long most;
    private final Set<Runnable> waiting = new LinkedHashSet<>(); // guarded by this
    private long left; // guarded by this

    public MessageBudget(long bytes) {
        most = bytes;
        left = bytes;
    }

    /**
     * Takes {@link GrpcLimits#RESERVE_BYTES}. Calls that have to wait get them in the order in which they asked.
     *
     * @param later runs when they are taken, if they cannot be taken now; must not block. There is at most one for each call
     * @return whether they are taken now
     */
    boolean reserve(Runnable later) {
        synchronized (this) {
            if (!waiting.isEmpty() || left < GrpcLimits.RESERVE_BYTES) {
                waiting.add(later);
                return false;
            }
            left -= GrpcLimits.RESERVE_BYTES;
            return true;
        }
    }

    /** Ends the waiting of a call that is over: clients may come and go for as long as there is no room. */
    synchronized void withdraw(Runnable later) {
        waiting.remove(later);
    }

    /** Takes bytes if that many are left. */
    synchronized boolean take(long bytes) {
        if (left < bytes) {
            return false;
        }
        left -= bytes;
        return true;
    }

    /** Returns bytes to the budget. */
    public void give(long bytes) {
        var ready = new ArrayList<Runnable>();
        synchronized (this) {
            left += bytes;
            for (var each = waiting.iterator(); each.hasNext() && left >= GrpcLimits.RESERVE_BYTES; ) {
                left -= GrpcLimits.RESERVE_BYTES;
                ready.add(each.next());
                each.remove();
            }
        }
        ready.forEach(Runnable::run);
    }

    /** Returns how many bytes are taken. */
    public synchronized long held() {
        return most - left;
    }

    /** Returns how many calls wait for room. */
    public synchronized int waiting() {
        return waiting.size();
    }
}
