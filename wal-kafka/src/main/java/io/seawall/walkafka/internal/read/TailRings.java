package io.seawall.walkafka.internal.read;

import io.seawall.wal.PChannel;
import io.seawall.wal.View;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The rings of the logs that are read at the tail, at most one for each view of a log. Thread-safe. */
final class TailRings {
    private final Map<Key, TailRing> rings = new ConcurrentHashMap<>();

    /**
     * The properties that readers must have in common to share a consumer.
     *
     * @param pchannel the log
     * @param view the view of its records
     * @param topicId Kafka's id of the topic
     */
    record Key(PChannel pchannel, View view, String topicId) {}

    /** Joins the ring of a log at its tail. Returns null if there is none. */
    @Nullable
    Feed atEnd(Key key) {
        var ring = rings.get(key);
        return ring == null ? null : ring.joinAtEnd();
    }

    /**
     * Replaces a follower at the tail by a member of a ring: of the existing one, or of a new one around this follower.
     *
     * @return the feed to continue with; if it is not {@code own}, then {@code own} was closed or belongs to the ring
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
        var ring = new TailRing(key.pchannel(), own, over -> rings.remove(key, over));
        var member = ring.joinAtEnd();
        // This ring cannot have ended, as no other thread has seen it. If another reader was first, keep own.
        return member != null && rings.putIfAbsent(key, ring) == null ? member : own;
    }

    int size() {
        return rings.size();
    }
}
