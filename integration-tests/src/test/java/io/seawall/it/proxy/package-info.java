/**
 * A TCP proxy between Kafka's clients and brokers that can hold, delay, drop, cut, repeat or rewrite one request or answer
 * of a kind. Two threads per connection move the frames; the test's thread plants and releases faults.
 */
@NullMarked
package io.seawall.it.proxy;

import org.jspecify.annotations.NullMarked;
