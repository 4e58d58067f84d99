package io.seawall.walkafka;

import io.seawall.wal.PChannel;
import java.util.Optional;

/** Asked what is known of a log that Kafka lost, for the message to the person who has to mend it. */
@FunctionalInterface
public interface KnownElsewhere {
    /** Nothing is known. */
    KnownElsewhere NOTHING = pchannel -> Optional.empty();

    /**
     * Tells what is known. May block for some seconds; what it throws is said instead.
     *
     * @param pchannel a log whose records are gone
     * @return a phrase that fits after "known is", as in {@code "segments that hold LSN 0 to 1042"}; empty if there is nothing
     */
    Optional<String> of(PChannel pchannel);

    /** The same, whatever goes wrong. */
    default Optional<String> ask(PChannel pchannel) {
        try {
            return of(pchannel);
        } catch (RuntimeException error) {
            return Optional.of("nothing, as asking failed: " + error.getMessage());
        }
    }
}
