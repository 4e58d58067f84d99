/**
 * What operators ask: the topics of logs, who holds a log, and what readers did. The values are immutable and may be
 * used from any thread; the methods say which of them block.
 */
@NullMarked
package io.seawall.walkafka.admin;

import org.jspecify.annotations.NullMarked;
