package io.seawall.node;

import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Where the logs of this node begin: the one answer for reads, pages and status. Kafka's start is looked at first, as other tools
 * delete records there; one request for all, not repeated for a moment. May be used from any thread.
 */
final class OldestLsn implements Seam.Oldest {
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final Seam.Oldest segments;
    private final Consumer<Collection<PChannel>> look;
    private final InstantSource clock;
    private final Map<PChannel, Instant> freshUntil = new ConcurrentHashMap<>(); // as many as there are pchannels

    /**
     * Nothing was looked at yet.
     *
     * @param segments goes on from Kafka's start into segments
     * @param look has owners look where their logs begin in Kafka; may block for some seconds while Kafka does not answer
     * @param clock for how long an answer is good
     */
    OldestLsn(Seam.Oldest segments, Consumer<Collection<PChannel>> look, InstantSource clock) {
        this.segments = segments;
        this.look = look;
        this.clock = clock;
    }

    @Override
    public long of(Wal wal, Duration wait) {
        if (!wait.isZero()) {
            lookAt(List.of(wal.pchannel()));
        }
        return segments.of(wal, wait);
    }

    @Override
    public void lookAt(Collection<PChannel> pchannels) {
        var now = clock.instant();
        var old = pchannels.stream()
                .filter(pchannel -> !now.isBefore(freshUntil.getOrDefault(pchannel, Instant.MIN)))
                .toList();
        if (!old.isEmpty()) {
            look.accept(old);
            // Also if nobody answered: the next one would wait as long.
            var until = clock.instant().plus(FRESH);
            old.forEach(pchannel -> freshUntil.put(pchannel, until));
        }
    }
}
