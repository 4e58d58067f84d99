package io.seawall.flusher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A finished segment that waits for the store.
 *
 * @param info what its header says
 * @param file where it is
 */
record SealedSegment(SegmentInfo info, Path file) {
    void discard() throws IOException {
        Files.deleteIfExists(file);
    }
}
