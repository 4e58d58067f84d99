package io.seawall.benchmarks;

import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/** Time as benchmarks see it. */
interface Clock {
    /** Nanoseconds since some moment, never going back. */
    long nanos();

    /** Lets time pass; may come back early. */
    void pass(long nanos);

    /** Waits for a moment; returns at once if it is past. */
    default void await(long moment) {
        for (var left = moment - nanos(); left > 0; left = moment - nanos()) {
            pass(left);
        }
    }

    /** The machine's. Parks: a thread that spins would take one of few cores from the brokers. */
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

    /** The time of day, for parts that want it. */
    static InstantSource timeOfDay() {
        return InstantSource.system();
    }
}
