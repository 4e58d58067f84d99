package io.seawall.client.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AlarmTest {
    private final ClientThreads threads = new ClientThreads(null);
    private final Semaphore rings = new Semaphore(0);
    private final Alarm alarm = new Alarm(threads, rings::release);

    @AfterEach
    void close() {
        threads.close();
    }

    private void at(long ms) throws Exception {
        var set = new CountDownLatch(1);
        threads.loop().execute(() -> {
            alarm.at(ms);
            set.countDown();
        });
        assertThat(set.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private boolean rings() throws Exception {
        return rings.tryAcquire(30, TimeUnit.SECONDS);
    }

    @Test
    void aTimeThatIsLongOverIsNowAndLaterTimesFollow() throws Exception {
        at(Long.MIN_VALUE);
        assertThat(rings()).isTrue();

        at(threads.nowMs() + 1);
        assertThat(rings()).isTrue();
    }

    @Test
    void theEarliestTimeCountsAndNeverIsNone() throws Exception {
        at(Long.MAX_VALUE);
        at(threads.nowMs() + TimeUnit.HOURS.toMillis(1));
        at(threads.nowMs());

        assertThat(rings()).isTrue();
        at(threads.nowMs());
        assertThat(rings()).as("after the earliest one").isTrue();
        assertThat(rings.availablePermits()).isZero();
    }
}
