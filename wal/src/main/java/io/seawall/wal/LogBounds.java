package io.seawall.wal;

/**
 * The bounds of a log at one moment.
 *
 * @param oldest the LSN of the oldest record that is still there; equal to {@code tail} in an empty log
 * @param tail the next LSN to be assigned
 */
public record LogBounds(long oldest, long tail) {}
