package io.seawall.walkafka.internal.format;

import io.seawall.wal.WriterSeq;
import io.seawall.walkafka.internal.format.WriterSession.Written;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of a log's writer sessions. It depends on the log's batches alone, so that an owner, its successor and a replay from
 * any snapshot have the same table (docs/protocol.md#writer-sessions). For that reason only {@link #replay} changes it, also for
 * the owner's own writes. Used by one thread at a time.
 *
 * <p>The table is bounded by the number of sessions, by their age and by its bytes in a snapshot. Above a bound it forgets the
 * session whose last batch is the oldest. Age is measured by the timestamps of the batches, not by a clock, and the time between
 * two batches counts as at most an hour. Otherwise a clock that jumps ahead by days would make the log forget all sessions at
 * once, and repetitions would be written again.
 */
public final class WriterSessions {
    private final Bounds bounds;
    private final Map<String, WriterSession> byId = new LinkedHashMap<>(); // in the order of their last batches
    private long newestMs; // CreateTime of the last batch; 0 without one
    private long encodedBytes;

    /**
     * The bounds of the table.
     *
     * @param sessions the most sessions
     * @param age a session is forgotten once its last batch is older than the newest batch of the log by more than this; a pause
     *     between two batches counts as {@link #LONGEST_PAUSE} at most
     * @param encodedBytes the most bytes in a snapshot
     */
    public record Bounds(int sessions, Duration age, int encodedBytes) {
        private static final int SESSIONS = 4_096;

        /** The time for which Kafka keeps an unused transactional id by default. */
        private static final Duration AGE = Duration.ofDays(7);

        /** Much shorter than the age, so that a clock jump hardly counts; long enough that quiet logs forget sessions too. */
        static final Duration LONGEST_PAUSE = Duration.ofHours(1);

        /** Returns the usual bounds. Sessions may take half of the largest message, so that a snapshot always fits. */
        public static Bounds of(WalSettings settings) {
            return new Bounds(SESSIONS, AGE, TopicRules.maxMessageBytes(settings) / 2);
        }
    }

    /** The place of a sequence number in its session. */
    public sealed interface Place {
        /** It is the session's next number. */
        record Next() implements Place {}

        /**
         * Its batch was written and is remembered.
         *
         * @param written the batch
         */
        record Known(Written written) implements Place {}

        /**
         * Its batch was written and is no longer remembered.
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

    /** Creates an empty table. */
    public WriterSessions(Bounds bounds) {
        this(bounds, List.of());
    }

    /**
     * Creates the table of a snapshot.
     *
     * @param bounds the bounds
     * @param sessions the result of {@link #sessions}
     */
    public WriterSessions(Bounds bounds, Collection<WriterSession> sessions) {
        this.bounds = bounds;
        sessions.forEach(this::put);
    }

    /** Returns the place of a sequence number after all batches that were replayed. */
    public Place place(WriterSeq writer) {
        var session = byId.get(writer.id());
        var expected = session == null ? 0 : session.seq() + 1;
        if (session == null || writer.seq() >= expected) {
            return writer.seq() == expected ? new Place.Next() : new Place.Gap(expected);
        }
        var written = session.written(writer.seq());
        return written == null ? new Place.Forgotten(expected) : new Place.Known(written);
    }

    /** Adds the next batch of the log. */
    public void replay(SessionBatch batch) {
        passPause(batch.timestampMs());
        var before = remove(batch.writer().id());
        // The log decides. If the number does not follow, the owner had forgotten the session, so it begins again here.
        var follows = before != null && batch.writer().seq() == before.seq() + 1;
        put(before != null && follows ? before.plus(batch) : WriterSession.begin(batch));
        forget(batch.timestampMs() - bounds.age().toMillis());
    }

    /** Shortens a long pause before a batch to {@link Bounds#LONGEST_PAUSE}, by moving the times of all sessions. */
    private void passPause(long untilMs) {
        var leftOutMs = untilMs - newestMs - Bounds.LONGEST_PAUSE.toMillis();
        if (leftOutMs > 0) {
            byId.replaceAll((id, session) -> session.movedBy(leftOutMs));
            encodedBytes = byId.values().stream()
                    .mapToLong(WriterSession::encodedBytes)
                    .sum();
        }
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
        newestMs = session.timestampMs();
        encodedBytes += session.encodedBytes();
    }

    private @Nullable WriterSession remove(String id) {
        var session = byId.remove(id);
        encodedBytes -= session == null ? 0 : session.encodedBytes();
        return session;
    }

    /** Returns all sessions, in the order of their last batches. */
    public List<WriterSession> sessions() {
        return List.copyOf(byId.values());
    }
}
