/**
 * A TCP proxy between Kafka's clients and brokers that can hold, delay, drop, cut, repeat or rewrite one request or answer of a
 * kind. Two threads for each connection, which do nothing but move frames; faults are planted and released by the test's thread.
 */
@NullMarked
package io.seawall.it.proxy;

import org.jspecify.annotations.NullMarked;
