package io.seawall.client.internal.read;

import io.seawall.client.internal.rpc.SerialExecutor;
import io.seawall.client.log.LogRecord;
import io.seawall.client.log.SeawallException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives the records of a reader to a subscriber, as many as it asks for. All calls of the subscriber are on one serial executor.
 */
final class Subscription implements Flow.Subscription {
    private final Reader reader;
    private final Flow.Subscriber<? super LogRecord> subscriber;
    private final SerialExecutor executor;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private Iterator<LogRecord> records = List.<LogRecord>of().iterator(); // used on the executor
    private boolean done; // used on the executor
    private volatile boolean cancelled;
    private volatile boolean badRequest;

    Subscription(Reader reader, Flow.Subscriber<? super LogRecord> subscriber, SerialExecutor executor) {
        this.reader = reader;
        this.subscriber = subscriber;
        this.executor = executor;
    }

    void begin() {
        executor.execute(() -> subscriber.onSubscribe(this));
        wake();
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            badRequest = true;
        } else {
            demand.accumulateAndGet(count, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
        }
        wake();
    }

    @Override
    public void cancel() {
        cancelled = true;
        reader.close();
    }

    /** Gives what there is, on the executor. */
    void wake() {
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(this::give);
        }
    }

    private void give() {
        scheduled.set(false);
        if (done || cancelled) {
            return;
        }
        try {
            // One message at a time: others wait for this thread, and the log may have gigabytes.
            var more = fill();
            while (!cancelled && !badRequest && demand.get() > 0 && records.hasNext()) {
                if (demand.get() != Long.MAX_VALUE) {
                    demand.decrementAndGet();
                }
                giveNext();
            }
            if (more && !cancelled && !badRequest && demand.get() > 0) {
                wake();
            } else if (badRequest) {
                reader.close();
                finish(new IllegalArgumentException("a subscriber asked for a number of records below 1"));
            } else if (!cancelled && !fill() && reader.isEnded()) {
                finish(null); // also without demand, as is a failure, which fill throws
            }
        } catch (SeawallException failed) {
            finish(failed);
        }
    }

    private void giveNext() {
        try {
            subscriber.onNext(records.next());
        } catch (RuntimeException | Error broken) {
            cancel();
            throw new IllegalStateException("a subscriber must not throw exceptions", broken);
        }
    }

    private boolean fill() {
        if (!records.hasNext()) {
            records = reader.take(0).iterator();
        }
        return records.hasNext();
    }

    private void finish(@Nullable Throwable error) {
        done = true;
        if (error == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(error);
        }
    }
}
