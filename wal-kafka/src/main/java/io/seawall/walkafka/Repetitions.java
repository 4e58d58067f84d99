package io.seawall.walkafka;

import io.seawall.walkafka.port.Time;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Keeps what is tried again and again from filling the log: one line a minute for each cause, with the number of those that were
 * left out. Knows the causes that came last, and lets a line of any other through. May be used from any thread.
 */
final class Repetitions {
    private static final long APART_MS = 60_000;
    private static final int MOST_CAUSES = 16;

    private final Time time;

    /** Guarded by this, as the next one. */
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
     * Asks for a line.
     *
     * @param cause the same for all lines that are repetitions of each other
     * @return how many were left out since the last line of this cause; empty if this one is to be left out too
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

    /** How many lines there were. */
    synchronized int lines() {
        return lines;
    }
}
