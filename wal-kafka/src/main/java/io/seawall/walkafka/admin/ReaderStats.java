package io.seawall.walkafka.admin;

/**
 * What the readers of a process did.
 *
 * @param readers how many are open
 * @param sharedTails how many consumers serve readers at the tail, each for one view of one log
 * @param foreignRecords how many records were passed over that Seawall did not write; counts each time one is read
 * @param voidRecords how many records were passed over whose owner had lost the log; counts each time one is read
 * @param forgedRecords how often a read stopped at a record that another program wrote with Seawall's headers
 */
public record ReaderStats(int readers, int sharedTails, long foreignRecords, long voidRecords, long forgedRecords) {}
