package io.seawall.walkafka.admin;

/**
 * Counts of the readers of a process.
 *
 * @param readers how many readers are open
 * @param sharedTails how many consumers readers share at the tail, each for one view of one log
 * @param foreignRecords how many records readers skipped that Seawall did not write, counted each time one is read
 * @param voidRecords how many records readers skipped whose owner had lost the log, counted each time one is read
 * @param forgedRecords how often readers found a record that another program wrote with Seawall's headers
 */
public record ReaderStats(int readers, int sharedTails, long foreignRecords, long voidRecords, long forgedRecords) {}
