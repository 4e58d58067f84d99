package io.seawall.benchmarks.measure;

import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/** The time source of benchmarks. */
public interface Clock {
    /** Returns nanoseconds since an arbitrary origin; never decreases. */
    long nanos();

    /** Waits; may return early. */
    void pass(long nanos);

    /** Waits until a point in time; returns at once if it has passed. */
    default void await(long moment) {
        for (var left = moment - nanos(); left > 0; left = moment - nanos()) {
            pass(left);
        }
    }

    /** Returns the system clock. It parks: a thread that spins would take one of few cores from the brokers. */
    static Clock system() {
        return new Clock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void pass(long nanos) {
                LockSupport.parkNanos(nanos);
            }
        };
    }

    /** Returns the time of day, for components that need it. */
    static InstantSource timeOfDay() {
        return InstantSource.system();
    }
}
