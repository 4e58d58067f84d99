package io.seawall.flusher;

import java.time.Duration;

/**
 * How far the segments of a log lag behind it.
 *
 * @param records how many acknowledged records are in no segment; 0 until the store was asked
 * @param age the age of the oldest of them: by its timestamp if it was read, else by when the log was first seen ahead;
 *     zero if there is none
 */
public record FlushLag(long records, Duration age) {}
