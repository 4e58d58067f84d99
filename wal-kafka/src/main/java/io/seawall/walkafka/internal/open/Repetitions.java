package io.seawall.walkafka.internal.open;

import io.seawall.walkafka.port.Time;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Limits repeated log lines to one a minute for each cause. Each line states how many were left out since the one before.
 * Remembers 16 causes, so with more causes than that some lines repeat earlier. Thread-safe.
 */
public final class Repetitions {
    private static final long APART_MS = 60_000;
    private static final int MOST_CAUSES = 16;

    private final Time time;

    /** Guarded by this, like the next field. */
    private final Map<String, Line> last = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Line> eldest) {
            return size() > MOST_CAUSES;
        }
    };

    private int lines;

    private record Line(long atMs, int leftOut) {}

    Repetitions(Time time) {
        this.time = time;
    }

    /**
     * Asks whether to log a line.
     *
     * @param cause a text that is equal for lines that repeat each other
     * @return how many lines of this cause were left out since the last one; empty if this line is to be left out too
     */
    synchronized OptionalInt line(String cause) {
        var nowMs = time.elapsedMs();
        var before = last.get(cause);
        if (before != null && nowMs - before.atMs() < APART_MS) {
            last.put(cause, new Line(before.atMs(), before.leftOut() + 1));
            return OptionalInt.empty();
        }
        last.put(cause, new Line(nowMs, 0));
        lines++;
        return OptionalInt.of(before == null ? 0 : before.leftOut());
    }

    /** Returns how many lines were allowed. */
    public synchronized int lines() {
        return lines;
    }
}
