package io.seawall.cli.read;

/**
 * The part of a log to read.
 *
 * @param start the query parameter of the start: {@code from=oldest}, {@code from=17} or {@code at=2026-11-23T14:00:00Z}
 * @param untilTail whether to stop at the tail of the first page, instead of following
 * @param limit the most records to write
 * @param view {@code live} or {@code committed}
 */
record ReadRange(String start, boolean untilTail, long limit, String view) {}
