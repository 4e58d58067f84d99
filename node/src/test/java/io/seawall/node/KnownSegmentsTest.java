package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.Segments;
import io.seawall.wal.PChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownSegmentsTest {
    private static final PChannel ORDERS = new PChannel("orders", 3);

    @TempDir
    private Path folder;

    @Test
    void saysThatThereAreNoSegments() {
        assertThat(known().ask(ORDERS)).contains("that it has no segments");
    }

    @Test
    void saysHowFarTheyReach() throws Exception {
        var object = folder.resolve(new SegmentKey(ORDERS, 1042).path());
        Files.createDirectories(object.getParent());
        Files.copy(Path.of("..", "docs", "samples", "segment-deflate.avro"), object);

        assertThat(known().ask(ORDERS)).contains("segments up to LSN 1048");
    }

    @Test
    void namesTheObjectThatCannotBeRead() throws Exception {
        var damaged = folder.resolve(new SegmentKey(ORDERS, 7).path());
        Files.createDirectories(damaged.getParent());
        Files.writeString(damaged, "not a segment");

        assertThat(known().ask(ORDERS)).get().asString().contains("asking failed", damaged.toString());
    }

    private KnownSegments known() {
        return new KnownSegments(new Segments(LocalSegmentStore.open(folder, new SplittableRandom(1))));
    }
}
