package io.seawall.benchmarks.measure;

/** A clock that advances only when a caller waits or sets it. Used by one thread. */
final class ManualClock implements Clock {
    private long now;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void pass(long nanos) {
        now += nanos;
    }
}
