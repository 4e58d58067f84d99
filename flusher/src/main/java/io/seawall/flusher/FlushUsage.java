package io.seawall.flusher;

/**
 * What all pchannels of a flusher take together.
 *
 * @param memoryBytes the memory that is accounted for
 * @param memoryBudgetBytes the most that it may be
 * @param readers how many readers may be open at present
 * @param spoolBytes the spool on disk; an open spool counts twice, as it is copied when it is sealed
 * @param spoolMaxBytes the most that it may be
 */
public record FlushUsage(long memoryBytes, long memoryBudgetBytes, int readers, long spoolBytes, long spoolMaxBytes) {}
