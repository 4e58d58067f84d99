package io.seawall.walkafka.internal.serial;

import io.seawall.walkafka.port.Time;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the machine's clocks and runs timers on a scheduler. */
public final class SystemTime implements Time {
    private static final Logger LOG = LoggerFactory.getLogger(SystemTime.class);

    private final InstantSource wall = InstantSource.system();
    private final ScheduledExecutorService timers;

    public SystemTime(ScheduledExecutorService timers) {
        this.timers = timers;
    }

    @Override
    public long wallMs() {
        return wall.millis();
    }

    @Override
    public long elapsedMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // timers are never cancelled; a task ignores outdated state
    public void after(long delayMs, Runnable task) {
        try {
            timers.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.atDebug().setMessage("timer dropped: everything is closing").log();
        }
    }
}
