package io.seawall.client.internal.read;

import io.seawall.api.v1.ReadResponse;
import io.seawall.client.log.Codes;
import io.seawall.client.log.SeawallException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Messages between the client's thread and the user's. The machine bounds how many there are. Guarded by its lock. */
final class MessageQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ReadResponse> messages = new ArrayDeque<>();
    private boolean ended;
    private @Nullable SeawallException error;

    void add(ReadResponse message) {
        lock.lock();
        try {
            messages.add(message);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the queue behind what is in it. The first end counts. */
    void end(@Nullable SeawallException why) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                error = why;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the queue and drops what is in it. */
    void close() {
        lock.lock();
        try {
            messages.clear();
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the next message, or null if there is none within the time or at the end.
     *
     * @throws SeawallException behind the last message, if the reader has failed; if the thread was interrupted
     */
    @Nullable
    ReadResponse poll(long nanos) {
        lock.lock();
        try {
            var left = nanos;
            while (messages.isEmpty() && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            var next = messages.poll();
            if (next == null && error != null) {
                throw error;
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SeawallException.of(Codes.INTERRUPTED, "interrupted while waiting for records")
                    .cause(e)
                    .build();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether everything was given and no error follows. */
    boolean isEnded() {
        lock.lock();
        try {
            return ended && messages.isEmpty() && error == null;
        } finally {
            lock.unlock();
        }
    }
}
