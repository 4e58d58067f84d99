package io.seawall.walkafka.internal.open;

import io.seawall.walkafka.settings.WalSettings;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The age at which the leases of this process roll. A roll costs the brokers about five replicated writes, whatever the lease holds.
 * So where many logs are written to, leases grow older than {@code roll}: their owners together roll {@value #PER_SECOND} times a
 * second, as long as no lease gets older than {@code longestRoll}. Thread-safe.
 */
public final class RollPace {
    /** How many leases of one process roll in a second, before leases grow older. */
    static final int PER_SECOND = 5;

    private final long leastMs;
    private final long mostMs;
    private final AtomicInteger leases = new AtomicInteger();

    /** Creates the pace of a process that holds no lease. */
    public RollPace(WalSettings.Lease settings) {
        this.leastMs = settings.roll().toMillis();
        this.mostMs = Math.max(leastMs, settings.longestRoll().toMillis());
    }

    /** Counts a log that begins to write under leases. */
    public void begun() {
        leases.incrementAndGet();
    }

    /** Ends what {@link #begun} counted. */
    public void ended() {
        leases.decrementAndGet();
    }

    /** Returns the age at which a lease is due now, in milliseconds. */
    public long rollMs() {
        return Math.max(leastMs, Math.min(mostMs, leases.get() * 1_000L / PER_SECOND));
    }
}
