package io.seawall.benchmarks.measure;

import io.seawall.wal.Wal;

/** Fills a log with records as fast as it accepts them. */
public final class Filling {
    private static final int IN_FLIGHT_RECORDS = 16_384;

    private final Clock clock;
    private final Payloads payloads = new Payloads();

    public Filling(Clock clock) {
        this.clock = clock;
    }

    /** Appends the records and waits for all acknowledgements. */
    public void fill(Wal wal, int records) {
        var inFlight = new InFlightLimit(IN_FLIGHT_RECORDS);
        for (var index = 0; index < records; index++) {
            inFlight.beforeSend();
            var unused = wal.append(payloads.next()).whenComplete((appended, error) -> inFlight.on(error));
        }
        inFlight.drain(clock);
    }
}
