package io.seawall.cli.read;

import io.seawall.client.log.StartPosition;
import io.seawall.client.log.View;

/**
 * The part of a log to read.
 *
 * @param start where to begin
 * @param untilTail whether to stop at the tail that the log had when reading began, instead of following
 * @param limit the most records to write
 * @param view which records are seen
 */
record ReadRange(StartPosition start, boolean untilTail, long limit, View view) {}
