package io.seawall.lifetime;

import static io.seawall.lifetime.Waits.BOUND;
import static io.seawall.lifetime.Waits.failsWith;
import static io.seawall.lifetime.Waits.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 200 pchannels, one of which hangs. No test here waits as long as the limit for the one that hangs. */
class ManyPChannelsTest extends ManagerFixture {
    private static final PChannel HANGING = new PChannel("hanging", 0);
    private static final List<PChannel> OTHERS = IntStream.range(1, 200)
            .mapToObj(partition -> new PChannel("orders", partition))
            .toList();

    /** How the opener hangs. */
    enum Hanging {
        /** It returns an opening that does not end and ignores cancel. */
        OPENING,
        /** The call does not return and ignores interrupts. */
        CALL
    }

    @AfterEach
    void wake() {
        opener.hear();
    }

    private CompletableFuture<Void> openHanging(Hanging where) {
        if (where == Hanging.CALL) {
            opener.deafFor(HANGING);
        } else {
            opener.hold(HANGING);
            opener.ignoreCancel();
        }
        var open = manager.open(HANGING, 1);
        await().atMost(BOUND).until(() -> journal.entries().contains("open hanging-0 1"));
        return open;
    }

    private static void all(List<CompletableFuture<Void>> answers) throws Exception {
        for (var answer : answers) {
            succeeds(answer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneOpenerThatHangsDelaysNoOther(Hanging where) throws Exception {
        // Far above every time limit of the test.
        manager = manager(new LifetimeSettings(Duration.ofHours(1), Duration.ofHours(1), 2));
        var hanging = openHanging(where);

        all(OTHERS.stream().map(pchannel -> manager.open(pchannel, 1)).toList());
        all(OTHERS.stream().map(pchannel -> manager.open(pchannel, 2)).toList());
        all(OTHERS.stream().map(pchannel -> manager.remove(pchannel, 2)).toList());

        assertThat(hanging).isNotDone();
        assertThat(journal.of("hanging-0")).containsExactly("open 1");
        for (var pchannel : OTHERS) {
            assertThat(journal.of(pchannel.toString()))
                    .containsExactly(
                            "open 1",
                            "register 1",
                            "unregister 1",
                            "close 1",
                            "open 2",
                            "register 2",
                            "unregister 2",
                            "close 2");
        }
        opener.hear();
        opener.finish(HANGING);
        succeeds(hanging);
    }

    @ParameterizedTest
    @EnumSource
    void closeEndsWithinItsBoundAlthoughOneHangs(Hanging where) throws Exception {
        useShortTimeout();
        var waiters = new ArrayList<CompletableFuture<Void>>();
        waiters.add(openHanging(where));
        waiters.add(manager.open(HANGING, 1));
        all(OTHERS.stream().map(pchannel -> manager.open(pchannel, 1)).toList());

        var closing = CompletableFuture.runAsync(manager::close);

        for (var waiter : waiters) {
            failsWith(ErrorCode.SHUTTING_DOWN, waiter);
        }
        closing.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(OTHERS)
                .allSatisfy(
                        pchannel -> assertThat(opener.wal(pchannel, 1).closes()).isEqualTo(1));
        assertThat(flusher.registered()).isEmpty();
    }
}
