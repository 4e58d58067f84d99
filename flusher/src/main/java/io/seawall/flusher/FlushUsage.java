package io.seawall.flusher;

/**
 * The resources that all pchannels of a flusher use together.
 *
 * @param memoryBytes the memory that is accounted for
 * @param memoryBudgetBytes the most that it may be
 * @param readers how many readers may be open at present
 * @param spoolBytes the spool on disk; an open spool counts twice, because it is copied when it is sealed
 * @param spoolMaxBytes the most that it may be
 */
public record FlushUsage(long memoryBytes, long memoryBudgetBytes, int readers, long spoolBytes, long spoolMaxBytes) {}
