package io.seawall.benchmarks.measure;

import java.util.SplittableRandom;

/**
 * Random bytes, generated in advance so that generating them is not measured. The same in every run. Used by one thread.
 */
public final class Payloads {
    public static final int RECORD_BYTES = 1024;

    private static final int DIFFERENT = 1024;
    private static final long SEED = 1;

    private final byte[][] values = new byte[DIFFERENT][RECORD_BYTES];
    private int next;

    public Payloads() {
        var random = new SplittableRandom(SEED);
        for (var value : values) {
            random.nextBytes(value);
        }
    }

    public byte[] next() {
        return values[next++ % DIFFERENT];
    }
}
