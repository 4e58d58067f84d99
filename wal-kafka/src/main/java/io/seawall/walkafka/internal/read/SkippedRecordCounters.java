package io.seawall.walkafka.internal.read;

import io.seawall.wal.PChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the records that readers skip, and logs the first one of each kind for each log. Thread-safe. */
final class SkippedRecordCounters {
    private static final Logger LOG = LoggerFactory.getLogger(SkippedRecordCounters.class);

    private final LongAdder foreign = new LongAdder();
    private final LongAdder voids = new LongAdder();
    private final LongAdder forgeries = new LongAdder();
    private final Set<PChannel> foreignSeen =
            ConcurrentHashMap.newKeySet(); // these sets have an entry for each log at most
    private final Set<PChannel> voidsSeen = ConcurrentHashMap.newKeySet();
    private final Set<PChannel> forgeriesSeen = ConcurrentHashMap.newKeySet();

    /** Counts a record that Seawall did not write. */
    void foreign(PChannel pchannel, long offset) {
        foreign.increment();
        if (foreignSeen.add(pchannel)) {
            LOG.atWarn()
                    .setMessage("records that Seawall did not write are passed over")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("offset", offset)
                    .log();
        }
    }

    /** Counts a record whose owner had already lost the log. */
    void voided(PChannel pchannel, long offset) {
        voids.increment();
        if (voidsSeen.add(pchannel)) {
            LOG.atInfo()
                    .setMessage("records of an owner that had lost the log are passed over")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("offset", offset)
                    .log();
        }
    }

    /** Counts a record that another program wrote with Seawall's headers. */
    void forged(PChannel pchannel, long offset) {
        forgeries.increment();
        if (forgeriesSeen.add(pchannel)) {
            LOG.atError()
                    .setMessage("another program writes records with Seawall's headers into the log")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("offset", offset)
                    .log();
        }
    }

    long forgeries() {
        return forgeries.sum();
    }

    long foreign() {
        return foreign.sum();
    }

    long voids() {
        return voids.sum();
    }
}
