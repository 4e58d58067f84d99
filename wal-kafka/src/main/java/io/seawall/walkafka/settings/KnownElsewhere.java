package io.seawall.walkafka.settings;

import io.seawall.wal.PChannel;
import java.util.Optional;

/** Describes what is known about a log that Kafka lost. Error messages contain the answer, for the operator who has to act. */
@FunctionalInterface
public interface KnownElsewhere {
    /** Knows nothing about any log. */
    KnownElsewhere NOTHING = pchannel -> Optional.empty();

    /**
     * Describes what is known about a log. May block for some seconds. If it throws, the message of the exception is shown
     * instead.
     *
     * @param pchannel a log whose records are gone
     * @return a phrase that fits after "known is", for example {@code "segments that hold LSN 0 to 1042"}; empty if nothing is
     *     known
     */
    Optional<String> of(PChannel pchannel);

    /** Calls {@link #of}, and returns a phrase with the error if it throws. */
    default Optional<String> ask(PChannel pchannel) {
        try {
            return of(pchannel);
        } catch (RuntimeException error) {
            return Optional.of("nothing, as asking failed: " + error.getMessage());
        }
    }
}
