package io.seawall.cli;

/**
 * What part of a log to read.
 *
 * @param from an LSN, {@code oldest} or {@code tail}
 * @param untilTail whether to stop at the tail that the first page names, instead of following
 * @param limit the most records to write
 * @param view {@code live} or {@code committed}
 */
record ReadRange(String from, boolean untilTail, long limit, String view) {}
