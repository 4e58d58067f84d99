package io.seawall.it.faults;

import io.seawall.walkafka.settings.WalSettings;
import io.seawall.walkafka.settings.WalSettings.Ack;
import io.seawall.walkafka.settings.WalSettings.Lease;
import io.seawall.walkafka.settings.WalSettings.Timeouts;
import java.time.Duration;

/** Settings for tests that wait for the consequences of a fault: the defaults, but rolling often and closing soon. */
final class QuickSettings {
    private static final WalSettings DEFAULTS = WalSettings.defaults();
    private static final Duration ROLL = Duration.ofMillis(100);

    private QuickSettings() {}

    static WalSettings rolling() {
        return rolling(ROLL);
    }

    static WalSettings rolling(Duration roll) {
        var lease = DEFAULTS.lease();
        var often = new Lease(roll, lease.rollBytes(), lease.uncommittedBytes(), lease.snapshotBytes());
        var settings = new WalSettings(often, DEFAULTS.limits(), DEFAULTS.timeouts(), Ack.REPLICATED);
        return with(
                settings, DEFAULTS.timeouts().delivery(), DEFAULTS.timeouts().open());
    }

    static WalSettings openingWithin(Duration bound) {
        return with(rolling(), DEFAULTS.timeouts().delivery(), bound);
    }

    /** Settings with which Kafka's client gives up soon, so that the log has to recover. */
    static WalSettings deliveringWithin(Duration bound) {
        return with(rolling(), bound, DEFAULTS.timeouts().open());
    }

    static WalSettings acknowledging(Ack ack) {
        var quick = rolling();
        return new WalSettings(quick.lease(), quick.limits(), quick.timeouts(), ack);
    }

    /** Settings with little room for uncommitted records. */
    static WalSettings capped(long rollBytes, long uncommittedBytes) {
        var quick = rolling();
        var lease = new Lease(ROLL, rollBytes, uncommittedBytes, quick.lease().snapshotBytes());
        return new WalSettings(lease, quick.limits(), quick.timeouts(), quick.ack());
    }

    private static WalSettings with(WalSettings settings, Duration delivery, Duration open) {
        var before = settings.timeouts();
        var timeouts = new Timeouts(delivery, open, before.recover(), Duration.ofSeconds(2), before.rivalGrace());
        return new WalSettings(settings.lease(), settings.limits(), timeouts, settings.ack());
    }
}
