package io.seawall.walkafka.internal.fake;

import io.seawall.walkafka.port.Time;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A clock that moves only when a test moves it. Timers run on the thread that moves it. */
public final class ManualTime implements Time {
    private final List<Timer> timers = new ArrayList<>();
    private long elapsedMs = 1_000;
    private long wallMs = 1_700_000_000_000L;

    private record Timer(long atMs, Runnable task) {}

    @Override
    public long wallMs() {
        return wallMs;
    }

    @Override
    public long elapsedMs() {
        return elapsedMs;
    }

    @Override
    public void after(long delayMs, Runnable task) {
        timers.add(new Timer(elapsedMs + delayMs, task));
    }

    /** Returns how many timers are not due yet. */
    public int timers() {
        return timers.size();
    }

    /** Sets the wall clock only. */
    public void setWall(long toMs) {
        wallMs = toMs;
    }

    /** Moves both clocks and runs the timers that are due, in order, including timers that these start. */
    public void advance(long byMs) {
        var endMs = elapsedMs + byMs;
        for (var next = earliest(endMs); next != null; next = earliest(endMs)) {
            timers.remove(next);
            moveTo(Math.max(elapsedMs, next.atMs()));
            next.task().run();
        }
        moveTo(endMs);
    }

    private void moveTo(long toMs) {
        wallMs += toMs - elapsedMs;
        elapsedMs = toMs;
    }

    private @Nullable Timer earliest(long endMs) {
        return timers.stream()
                .filter(timer -> timer.atMs() <= endMs)
                .min(Comparator.comparingLong(Timer::atMs))
                .orElse(null);
    }
}
