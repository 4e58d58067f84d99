package io.seawall.client.internal.write;

import io.seawall.client.log.Ack;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.SeawallException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a log does with batches, by docs/protocol.md#writer-sessions: a table of sessions with the last five batches of each. */
final class ModelLog {
    private static final int REMEMBERED = 5;

    /** The records of the log by LSN: the number of the append, or -1 for a record of another writer. */
    final List<Integer> records = new ArrayList<>();

    private final Map<String, Session> sessions = new HashMap<>();
    private final Set<Integer> poison = new HashSet<>();

    private static final class Session {
        long next;
        final Map<Long, Ack> written = new HashMap<>();
    }

    /** What a log answers: an ack or a problem. */
    record Answer(@Nullable Ack ack, @Nullable SeawallException problem) {
        static Answer of(Ack ack) {
            return new Answer(ack, null);
        }

        static Answer of(String code, Effect effect, Map<String, Long> numbers) {
            return new Answer(
                    null,
                    SeawallException.of(code, "model: " + code)
                            .effect(effect)
                            .numbers(numbers)
                            .build());
        }

        static Answer of(String code) {
            return of(code, Effect.NONE, Map.of());
        }
    }

    /** Makes the log refuse each batch that has this append. */
    void poison(int append) {
        poison.add(append);
    }

    boolean isPoisoned(List<Integer> appends) {
        return appends.stream().anyMatch(poison::contains);
    }

    void appendOfAnother() {
        records.add(-1);
    }

    /** Drops a session, as a log does with the one that wrote longest ago. */
    void forget(String session) {
        sessions.remove(session);
    }

    /** Returns whether a session is past all numbers that a writer may send again from the beginning. */
    boolean isLong(String session) {
        var known = sessions.get(session);
        return known != null && known.next > REMEMBERED;
    }

    /** Takes a batch, or refuses it. */
    Answer append(@Nullable String session, long seq, List<Integer> appends, @Nullable Long ifTail) {
        if (isPoisoned(appends)) {
            return Answer.of(Codes.INVALID);
        }
        if (session != null) {
            var known = sessions.get(session);
            var next = known == null ? 0 : known.next;
            if (seq > next || (known == null && seq != 0)) {
                return Answer.of(Codes.SEQUENCE_GAP, Effect.NONE, Map.of("expectedSeq", next));
            }
            if (known != null && seq < next) {
                var written = known.written.get(seq);
                if (written == null) {
                    return Answer.of(Codes.SEQUENCE_GAP, Effect.APPLIED, Map.of("expectedSeq", next));
                }
                return written.last() - written.first() + 1 == appends.size()
                        ? Answer.of(new Ack(written.term(), written.first(), written.last(), true))
                        : Answer.of(Codes.INVALID);
            }
        }
        if (ifTail != null && ifTail != records.size()) {
            return Answer.of(Codes.TAIL_MISMATCH, Effect.NONE, Map.of("tail", (long) records.size()));
        }
        return Answer.of(write(session, seq, appends));
    }

    private Ack write(@Nullable String session, long seq, List<Integer> appends) {
        var ack = new Ack(1, records.size(), records.size() + appends.size() - 1L, false);
        records.addAll(appends);
        if (session != null) {
            var known = sessions.computeIfAbsent(session, id -> new Session());
            known.next = seq + 1;
            known.written.put(seq, ack);
            known.written.remove(seq - REMEMBERED);
        }
        return ack;
    }

    /**
     * Writes a batch although the one before it, which is refused, is not written: what happens if the brokers refuse a record
     * after the log has taken the batch behind it.
     */
    @Nullable
    Answer appendBehindRefused(String session, long refused, List<Integer> appends) {
        var known = sessions.get(session);
        var next = known == null ? 0 : known.next;
        return next == refused && !isPoisoned(appends) ? Answer.of(write(session, refused + 1, appends)) : null;
    }
}
