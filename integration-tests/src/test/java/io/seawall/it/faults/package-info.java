/**
 * Logs in this process on brokers that are killed, paused and struck request by request. A test runs on one thread;
 * load and history may be used from several.
 */
@NullMarked
package io.seawall.it.faults;

import org.jspecify.annotations.NullMarked;
