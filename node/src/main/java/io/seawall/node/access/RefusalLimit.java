package io.seawall.node.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many refusals one address, or one caller, may cause: twenty at once, then one per second. Those beyond it say less and are not
 * in the audit log, which so cannot be filled. Thread-safe.
 */
public final class RefusalLimit {
    /** How many refusals are possible at once. */
    public static final int AT_ONCE = 20;

    /** How many addresses and callers are remembered; the one that was refused longest ago is forgotten first. */
    static final int MOST_KEYS = 10_000;

    private static final long EACH_NANOS = 1_000_000_000;

    private final LongSupplier nanoTime;

    /** When the refusals of each key count no more. Guarded by this. */
    private final Map<Object, Long> paidNanos = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
            return size() > MOST_KEYS;
        }
    };

    /** Creates a limit that nobody has reached. */
    public RefusalLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns whether a key may cause no refusal at present. */
    public synchronized boolean isReached(Object key) {
        var paid = paidNanos.get(key);
        return paid != null && paid - nanoTime.getAsLong() > (AT_ONCE - 1) * EACH_NANOS;
    }

    /** Notes a refusal. */
    public synchronized void refused(Object key) {
        var now = nanoTime.getAsLong();
        var paid = paidNanos.get(key);
        var from = paid == null || paid - now < 0 ? now : paid;
        paidNanos.put(key, from + EACH_NANOS);
    }
}
