package io.seawall.it.faults;

import io.seawall.walkafka.settings.WalSettings;
import io.seawall.walkafka.settings.WalSettings.Ack;
import io.seawall.walkafka.settings.WalSettings.Lease;
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
        return DEFAULTS.withLease(DEFAULTS.lease().withRoll(roll))
                .withTimeouts(DEFAULTS.timeouts().withClose(Duration.ofSeconds(2)));
    }

    static WalSettings openingWithin(Duration bound) {
        var quick = rolling();
        return quick.withTimeouts(quick.timeouts().withOpen(bound));
    }

    /** Settings with which Kafka's client gives up soon, so that the log has to recover. */
    static WalSettings deliveringWithin(Duration bound) {
        var quick = rolling();
        return quick.withTimeouts(quick.timeouts().withDelivery(bound));
    }

    static WalSettings acknowledging(Ack ack) {
        return rolling().withAck(ack);
    }

    /** Settings with little room for uncommitted records. */
    static WalSettings capped(long rollBytes, long uncommittedBytes) {
        var quick = rolling();
        return quick.withLease(
                new Lease(ROLL, ROLL, rollBytes, uncommittedBytes, quick.lease().snapshotBytes()));
    }
}
