package io.seawall.walkafka.internal.client;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Lane;

/**
 * Returns the transactional ids of lanes. Every opening of a pchannel, by any process, must use the same ids: a new owner fences
 * the old one by them alone.
 */
final class TransactionalIds {
    private TransactionalIds() {}

    static String of(String prefix, PChannel pchannel, Lane lane) {
        return prefix + pchannel + "-" + lane.suffix();
    }
}
