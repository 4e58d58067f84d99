package io.seawall.node;

import io.seawall.flusher.store.Segments;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.settings.KnownElsewhere;
import java.util.Optional;

/** Reports which segments exist of a log whose records are gone from Kafka. Thread-safe; blocks, because it asks the store. */
final class KnownSegments implements KnownElsewhere {
    private final Segments segments;

    KnownSegments(Segments segments) {
        this.segments = segments;
    }

    @Override
    public Optional<String> of(PChannel pchannel) {
        var end = segments.end(pchannel);
        return end.isPresent()
                ? Optional.of("segments up to LSN " + (end.getAsLong() - 1))
                : Optional.of("that it has no segments");
    }
}
