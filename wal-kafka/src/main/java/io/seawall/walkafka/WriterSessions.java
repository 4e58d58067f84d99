package io.seawall.walkafka;

import io.seawall.wal.WriterSeq;
import io.seawall.walkafka.WriterSession.Written;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The writer sessions of a log: a function of the log's batches alone, so that an owner, its successor and a replay from any
 * snapshot know the same (docs/protocol.md#writer-sessions). Rebuilt only by {@link #replay}, which the owner's own writes go
 * through too. For one thread at a time.
 *
 * <p>It is bounded by number, by age and by the bytes that it takes in a snapshot. Beyond that it forgets the session whose
 * last batch is the oldest; time passes with the timestamps of the batches, not with a clock.
 */
final class WriterSessions {
    private final Bounds bounds;
    private final Map<String, WriterSession> byId = new LinkedHashMap<>(); // in the order of their last batches
    private long encodedBytes;

    /**
     * How much is remembered.
     *
     * @param sessions the most sessions
     * @param age a session whose last batch is older than this, next to the newest batch of all, is forgotten
     * @param encodedBytes the most bytes in a snapshot
     */
    record Bounds(int sessions, Duration age, int encodedBytes) {
        private static final int SESSIONS = 4_096;

        /** As long as Kafka keeps an unused transactional id by default. */
        private static final Duration AGE = Duration.ofDays(7);

        /** Half of what a record may have, so that a snapshot always fits. */
        static Bounds of(WalSettings settings) {
            return new Bounds(SESSIONS, AGE, Topics.maxMessageBytes(settings) / 2);
        }
    }

    /** Where a number stands in its session. */
    sealed interface Place {
        /** It is the session's next. */
        record Next() implements Place {}

        /**
         * It was written, and this is where.
         *
         * @param written where
         */
        record Known(Written written) implements Place {}

        /**
         * It was written, and where is not remembered.
         *
         * @param expected the session's next number
         */
        record Forgotten(long expected) implements Place {}

        /**
         * It is above the session's next number.
         *
         * @param expected that number
         */
        record Gap(long expected) implements Place {}
    }

    /** An empty table. */
    WriterSessions(Bounds bounds) {
        this(bounds, List.of());
    }

    /**
     * A table as a snapshot had it.
     *
     * @param bounds how much is remembered
     * @param sessions what {@link #sessions} gave
     */
    WriterSessions(Bounds bounds, Collection<WriterSession> sessions) {
        this.bounds = bounds;
        sessions.forEach(this::put);
    }

    /** Where a number stands, behind everything that was replayed. */
    Place place(WriterSeq writer) {
        var session = byId.get(writer.id());
        var expected = session == null ? 0 : session.seq() + 1;
        if (session == null || writer.seq() >= expected) {
            return writer.seq() == expected ? new Place.Next() : new Place.Gap(expected);
        }
        var written = session.written(writer.seq());
        return written == null ? new Place.Forgotten(expected) : new Place.Known(written);
    }

    /** Takes the next batch of the log. */
    void replay(SessionBatch batch) {
        var before = remove(batch.writer().id());
        // A number that does not follow means that its owner had forgotten the session: the log is right.
        var follows = before != null && batch.writer().seq() == before.seq() + 1;
        put(before != null && follows ? before.plus(batch) : WriterSession.begin(batch));
        forget(batch.timestampMs() - bounds.age().toMillis());
    }

    private void forget(long beforeMs) {
        while (byId.size() > 1) {
            var eldest = byId.values().iterator().next();
            var full = byId.size() > bounds.sessions() || encodedBytes > bounds.encodedBytes();
            if (!full && eldest.timestampMs() >= beforeMs) {
                return;
            }
            remove(eldest.id());
        }
    }

    private void put(WriterSession session) {
        byId.put(session.id(), session);
        encodedBytes += session.encodedBytes();
    }

    private @Nullable WriterSession remove(String id) {
        var session = byId.remove(id);
        encodedBytes -= session == null ? 0 : session.encodedBytes();
        return session;
    }

    /** All of them, in the order of their last batches. */
    List<WriterSession> sessions() {
        return List.copyOf(byId.values());
    }
}
