package io.seawall.walkafka;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Lane;

/**
 * Names the lanes for Kafka. The names must be the same at every opening of a pchannel, by whomever: that, and nothing else,
 * is what lets a new owner fence the old one.
 */
final class TransactionalIds {
    private TransactionalIds() {}

    static String of(String prefix, PChannel pchannel, Lane lane) {
        return prefix + pchannel + "-" + lane.suffix();
    }
}
