package io.seawall.it;

import io.seawall.it.Gates.Point;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** What a flusher is doing when its node is killed or stopped. */
enum FlusherMoment {
    /** Records are being written into the spool. */
    SPOOL,
    /** The segment is finished, and the store has not been asked. */
    SEALED,
    /** The store was asked and has done nothing that counts. */
    PUT,
    /** The segment is published, and the answer has not come. */
    AFTER_PUT,
    /** The segment is published and known to be, and nothing has been trimmed behind it. */
    BEFORE_TRIM;

    private static final Pattern SPOOLED = Pattern.compile("(.*)-(\\d{20})\\.\\d+\\.spool(\\.sealed)?");

    /**
     * The surroundings of a flusher.
     *
     * @param node its process
     * @param id the node's id
     * @param pchannel the log
     * @param store where it publishes
     * @param gates in front of the node's class path
     * @param spool its spool folder
     */
    record Scene(NodeProcess node, String id, PChannel pchannel, StoreUnderTest store, Gates gates, Path spool) {
        /** First LSNs of what is in the spool; finished segments, or unfinished ones. */
        private List<Long> spooled(boolean sealed) {
            try (var files = Files.walk(spool)) {
                return files.map(file -> SPOOLED.matcher(file.getFileName().toString()))
                        .filter(name -> name.matches()
                                && name.group(1).equals(pchannel.toString())
                                && (name.group(3) != null) == sealed)
                        .map(name -> Long.valueOf(name.group(2)))
                        .toList();
            } catch (IOException | UncheckedIOException changing) {
                return List.of(); // A folder that is being changed is looked at again.
            }
        }

        private boolean isPublished(long firstLsn) {
            return Files.exists(store.folder(pchannel).folder().resolve("%020d.avro".formatted(firstLsn)));
        }
    }

    /** Makes the flusher stand still at this moment, soon; the spooling one does not stand but is met. */
    Standstill arm(Scene scene) {
        return switch (this) {
            case SPOOL -> new Spooling(scene);
            case SEALED -> scene.gates().arm(Point.BEFORE_PUT, scene.node());
            case PUT -> scene.store().holdPut(scene.node(), scene.id(), scene.pchannel());
            case AFTER_PUT -> scene.store().holdAnswer(scene.node(), scene.id(), scene.pchannel());
            case BEFORE_TRIM -> scene.gates().arm(Point.BEFORE_READ_BACK, scene.node());
        };
    }

    /** Whether what a killed or stopped node has left on disk and in the store shows that it was this moment. */
    boolean isMet(Scene scene) {
        var sealed = scene.spooled(true);
        return switch (this) {
            case SPOOL -> sealed.isEmpty() && !scene.spooled(false).isEmpty();
            case SEALED, PUT -> sealed.size() == 1 && !scene.isPublished(sealed.get(0));
            case AFTER_PUT -> sealed.size() == 1 && scene.isPublished(sealed.get(0));
            case BEFORE_TRIM -> true; // whoever stands at that gate is there
        };
    }

    /**
     * Waits until the spool holds a segment that grows.
     *
     * @param scene where
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
