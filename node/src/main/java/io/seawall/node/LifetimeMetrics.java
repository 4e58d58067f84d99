package io.seawall.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.seawall.lifetime.LifetimeCounts;
import io.seawall.lifetime.LifetimeCounts.Stays;
import io.seawall.lifetime.LifetimeStep;
import io.seawall.lifetime.WalManager;
import io.seawall.wal.ErrorCode;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Meters of the lifetime's counts, all registered from the start. */
final class LifetimeMetrics {
    private static final Stays NONE = new Stays(0, Duration.ZERO);

    private LifetimeMetrics() {}

    /**
     * Adds the meters to a registry.
     *
     * @param registry the registry
     * @param lifetimes the source of the counts; the registry does not keep it alive
     */
    static void bind(MeterRegistry registry, WalManager lifetimes) {
        for (var step : LifetimeStep.values()) {
            FunctionCounter.builder("seawall.lifetime.moves", lifetimes, from -> moves(from.counts(), step))
                    .description("how often a pchannel entered the step")
                    .tag("to", lower(step))
                    .register(registry);
            FunctionTimer.builder(
                            "seawall.lifetime.step",
                            lifetimes,
                            from -> stays(from.counts(), step).count(),
                            from -> stays(from.counts(), step).total().toNanos(),
                            TimeUnit.NANOSECONDS)
                    .description("how long pchannels stayed in the step, for stays that are over")
                    .tag("step", lower(step))
                    .register(registry);
        }
        for (var code : ErrorCode.values()) {
            FunctionCounter.builder("seawall.lifetime.refusals", lifetimes, from -> refusals(from.counts(), code))
                    .description("how often an open or remove failed with the code")
                    .tag("code", lower(code))
                    .register(registry);
        }
    }

    private static double moves(LifetimeCounts counts, LifetimeStep step) {
        return (double) counts.moves().getOrDefault(step, 0L);
    }

    private static Stays stays(LifetimeCounts counts, LifetimeStep step) {
        return counts.stays().getOrDefault(step, NONE);
    }

    private static double refusals(LifetimeCounts counts, ErrorCode code) {
        return (double) counts.refusals().getOrDefault(code, 0L);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
