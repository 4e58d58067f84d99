package io.seawall.walkafka;

import io.seawall.wal.PChannel;
import io.seawall.wal.View;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The rings of the logs that somebody reads at the tail, at most one for each view of a log. For any thread. */
final class TailRings {
    private final Map<Key, TailRing> rings = new ConcurrentHashMap<>();

    /**
     * What readers must have in common to share a consumer.
     *
     * @param pchannel the log
     * @param view which of its records
     * @param topicId Kafka's id of the topic
     */
    record Key(PChannel pchannel, View view, String topicId) {}

    /** A place at the tail of a log; null if nobody reads there. */
    @Nullable
    Feed atEnd(Key key) {
        var ring = rings.get(key);
        return ring == null ? null : ring.joinAtEnd();
    }

    /**
     * Offers a follower that has read everything: it joins the others, or becomes the one that others join.
     *
     * @return what to go on with; if that is not {@code own} itself, {@code own} was closed or belongs to the ring now
     */
    Feed share(Key key, LogFollower own) {
        var ring = rings.get(key);
        if (ring == null) {
            return found(key, own);
        }
        var member = ring.join(own.here());
        if (member == null) {
            return own;
        }
        own.close();
        return member;
    }

    private Feed found(Key key, LogFollower own) {
        var ring = new TailRing[1];
        ring[0] = new TailRing(key.pchannel(), own, () -> rings.remove(key, ring[0]));
        var member = ring[0].joinAtEnd();
        // A ring that nobody else has seen has not ended; if another reader was first, the own follower stays as it is.
        return member != null && rings.putIfAbsent(key, ring[0]) == null ? member : own;
    }

    int size() {
        return rings.size();
    }
}
