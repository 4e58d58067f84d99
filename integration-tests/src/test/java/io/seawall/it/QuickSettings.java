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
        var often = new Lease(roll, lease.rollBytes(), lease.uncommittedBytes(), lease.snapshotBytes());
        var settings = new WalSettings(often, DEFAULTS.limits(), DEFAULTS.timeouts(), Ack.REPLICATED);
        return with(
                settings, DEFAULTS.timeouts().delivery(), DEFAULTS.timeouts().open());
    }

    static WalSettings openingWithin(Duration bound) {
        return with(rolling(), DEFAULTS.timeouts().delivery(), bound);
    }

    /** Where Kafka's own client gives up soon, and the log has to be taken back. */
    static WalSettings deliveringWithin(Duration bound) {
        return with(rolling(), bound, DEFAULTS.timeouts().open());
    }

    static WalSettings acknowledging(Ack ack) {
        var quick = rolling();
        return new WalSettings(quick.lease(), quick.limits(), quick.timeouts(), ack);
    }

    /** With little room for what is not committed. */
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
