/**
 * Takes over a log: claims a term, writes again the records that earlier owners acknowledged but did not commit, and restores a log
 * from records. Steps are asynchronous and follow each other; one takeover of a log runs at a time.
 */
@NullMarked
package io.seawall.walkafka.internal.open;

import org.jspecify.annotations.NullMarked;
