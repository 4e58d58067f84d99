package io.seawall.benchmarks;

/** Time that passes only when somebody waits, or says so. For one thread. */
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
