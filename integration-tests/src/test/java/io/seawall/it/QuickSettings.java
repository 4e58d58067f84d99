package io.seawall.it;

import io.seawall.walkafka.WalSettings;
import io.seawall.walkafka.WalSettings.Ack;
import io.seawall.walkafka.WalSettings.Lease;
import io.seawall.walkafka.WalSettings.Timeouts;
import java.time.Duration;

/** How logs are written where the consequences of a fault are waited for: as by default, but rolling often and closing soon. */
final class QuickSettings {
    private static final WalSettings DEFAULTS = WalSettings.defaults();
    private static final Duration ROLL = Duration.ofMillis(100);

    private QuickSettings() {}

    static WalSettings rolling() {
        return rolling(ROLL);
    }

    static WalSettings rolling(Duration roll) {
        var lease = DEFAULTS.lease();
        return of(
                new Lease(roll, lease.rollBytes(), lease.uncommittedBytes(), lease.snapshotBytes()),
                DEFAULTS.timeouts().open(),
                Ack.REPLICATED);
    }

    static WalSettings openingWithin(Duration bound) {
        return of(rolling().lease(), bound, Ack.REPLICATED);
    }

    static WalSettings acknowledging(Ack ack) {
        return of(rolling().lease(), DEFAULTS.timeouts().open(), ack);
    }

    /** With little room for what is not committed. */
    static WalSettings capped(long rollBytes, long uncommittedBytes) {
        return of(
                new Lease(ROLL, rollBytes, uncommittedBytes, DEFAULTS.lease().snapshotBytes()),
                DEFAULTS.timeouts().open(),
                Ack.REPLICATED);
    }

    private static WalSettings of(Lease lease, Duration open, Ack ack) {
        var timeouts = DEFAULTS.timeouts();
        var ours = new Timeouts(
                timeouts.delivery(), open, timeouts.recover(), Duration.ofSeconds(2), timeouts.rivalGrace());
        return new WalSettings(lease, DEFAULTS.limits(), ours, ack);
    }
}
