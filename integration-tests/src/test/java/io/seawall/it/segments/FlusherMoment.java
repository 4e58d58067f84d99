package io.seawall.it.segments;

import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.Standstill;
import io.seawall.it.segments.Gates.Point;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The phase of a flusher in which its node is killed or stopped. */
enum FlusherMoment {
    /** Records are being written to the spool. */
    SPOOL,
    /** The segment is finished, and the store has not been called. */
    SEALED,
    /** The store has been called and has done nothing that lasts. */
    PUT,
    /** The segment is published, and the answer has not arrived. */
    AFTER_PUT,
    /** The flusher knows that the segment is published, and nothing has been trimmed yet. */
    BEFORE_TRIM;

    private static final Pattern SPOOLED = Pattern.compile("(.*)-(\\d{20})\\.\\d+\\.spool(\\.sealed)?");

    /**
     * The environment of a flusher.
     *
     * @param node its process
     * @param id the node's id
     * @param pchannel the log
     * @param store where it publishes
     * @param gates at the front of the node's class path
     * @param spool its spool folder
     */
    record Scene(NodeProcess node, String id, PChannel pchannel, StoreUnderTest store, Gates gates, Path spool) {
        /** Returns the first LSNs of the segments in the spool, either finished or unfinished ones. */
        private List<Long> spooled(boolean sealed) {
            try (var files = Files.walk(spool)) {
                return files.map(file -> SPOOLED.matcher(file.getFileName().toString()))
                        .filter(name -> name.matches()
                                && name.group(1).equals(pchannel.toString())
                                && (name.group(3) != null) == sealed)
                        .map(name -> Long.valueOf(name.group(2)))
                        .toList();
            } catch (IOException | UncheckedIOException changing) {
                return List.of(); // The folder is being changed: the caller asks again.
            }
        }

        private boolean isPublished(long firstLsn) {
            return Files.exists(store.folder(pchannel).folder().resolve("%020d.avro".formatted(firstLsn)));
        }
    }

    /** Makes the flusher stop in this phase, soon. While it spools it does not stop; the test catches it while it does. */
    Standstill arm(Scene scene) {
        return switch (this) {
            case SPOOL -> new Spooling(scene);
            case SEALED -> scene.gates().arm(Point.BEFORE_PUT, scene.node());
            case PUT -> scene.store().holdPut(scene.node(), scene.id(), scene.pchannel());
            case AFTER_PUT -> scene.store().holdAnswer(scene.node(), scene.id(), scene.pchannel());
            case BEFORE_TRIM -> scene.gates().arm(Point.BEFORE_READ_BACK, scene.node());
        };
    }

    /** Returns whether the files of a killed or stopped node, in the spool and the store, show that it was in this phase. */
    boolean isMet(Scene scene) {
        var sealed = scene.spooled(true);
        return switch (this) {
            case SPOOL -> sealed.isEmpty() && !scene.spooled(false).isEmpty();
            case SEALED, PUT -> sealed.size() == 1 && !scene.isPublished(sealed.get(0));
            case AFTER_PUT -> sealed.size() == 1 && scene.isPublished(sealed.get(0));
            case BEFORE_TRIM -> true; // the flusher waits at the gate only in this phase
        };
    }

    /**
     * Waits until the spool has a growing segment.
     *
     * @param scene the flusher's environment
     */
    private record Spooling(Scene scene) implements Standstill {
        @Override
        public void awaitStruck() {
            Awaitility.await("a segment is being spooled")
                    .atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> SPOOL.isMet(scene));
        }

        @Override
        public void release() {}
    }
}
