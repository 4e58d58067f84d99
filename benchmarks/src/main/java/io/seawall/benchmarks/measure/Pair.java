package io.seawall.benchmarks.measure;

/**
 * One round of both sides, one right after the other.
 *
 * @param bare Kafka's own client
 * @param seawall Seawall
 * @param <T> the measured result
 */
public record Pair<T>(T bare, T seawall) {}
