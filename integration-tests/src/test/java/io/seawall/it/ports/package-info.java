/**
 * The contract of the ports of {@code wal-kafka}, on real brokers and on simulated ones: both have to behave alike. A
 * contract test runs on one thread.
 */
@NullMarked
package io.seawall.it.ports;

import org.jspecify.annotations.NullMarked;
