package io.seawall.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.RecordingOpener;
import io.seawall.node.ports.PChannelState;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.PChannelStatus.Ownership;
import io.seawall.node.ports.Readiness.Check;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaWatchTest {
    private final List<PChannelStatus> local = new ArrayList<>();
    private boolean away;
    private long nanos;
    private CompletableFuture<?> controller = CompletableFuture.completedFuture(null);
    private int questions;
    private final KafkaWatch watch = new KafkaWatch(this::ask, this::askController, () -> local, () -> nanos);

    private CompletableFuture<?> askController() {
        questions++;
        return controller;
    }

    private void after(Duration time) {
        nanos += time.toNanos();
    }

    private void ask() {
        if (away) {
            throw RecordingOpener.error(ErrorCode.UNAVAILABLE);
        }
    }

    private void has(int partition, PChannelState state, @Nullable String cause) {
        local.add(
                new PChannelStatus(new PChannel("orders", partition), Ownership.NONE, null, state, cause, null, null));
    }

    private Check check(String name) {
        return watch.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isNotReadyBeforeItHasAsked() {
        assertThat(check("kafka").ok()).isFalse();
    }

    @Test
    void isReadyOnceKafkaAndItsControllerAnswer() {
        watch.check();
        assertThat(check("controller").ok()).isFalse();

        watch.checkController();

        assertThat(watch.checks()).allMatch(Check::ok);
    }

    @Test
    void saysWhyKafkaDoesNotDo() {
        watch.check();
        away = true;

        watch.check();

        assertThat(check("kafka").ok()).isFalse();
        assertThat(check("kafka").detail()).startsWith("UNAVAILABLE: ");
    }

    @Test
    void isNotReadyWhenTheControllerHasNotAnsweredForFiveSecondsAndSaysWhy() {
        // given
        watch.checkController();

        // when
        controller = CompletableFuture.failedFuture(RecordingOpener.error(ErrorCode.UNAVAILABLE));
        after(Duration.ofMillis(4_999));
        watch.checkController();

        // then: still ok, because another controller may be elected meanwhile
        assertThat(check("controller").ok()).isTrue();
        after(Duration.ofMillis(1));
        assertThat(check("controller").ok()).isFalse();
        assertThat(check("controller").detail())
                .startsWith("has not answered for 5 s: ")
                .contains(String.valueOf(
                        RecordingOpener.error(ErrorCode.UNAVAILABLE).getMessage()));

        // when it answers again
        controller = CompletableFuture.completedFuture(null);
        watch.checkController();

        // then
        assertThat(check("controller").ok()).isTrue();
    }

    @Test
    void isNotReadyWhenAQuestionToTheControllerHangsAndAsksNoSecondOneMeanwhile() {
        // given
        watch.checkController();
        controller = new CompletableFuture<>();

        // when
        for (var second = 0; second < 6; second++) {
            watch.checkController();
            after(Duration.ofSeconds(1));
        }

        // then
        assertThat(check("controller").ok()).isFalse();
        assertThat(questions).isEqualTo(2);
    }

    @Test
    void isNotReadyWhileAPChannelOpens() {
        has(0, PChannelState.AVAILABLE, null);
        has(1, PChannelState.OPENING, null);

        var check = check("pchannels");

        assertThat(check.ok()).isFalse();
        assertThat(check.detail()).endsWith(": orders-1");
    }

    @Test
    void isNotReadyWhileAPChannelIsDownForACause() {
        has(0, PChannelState.UNAVAILABLE, "FENCED: gone");

        assertThat(check("pchannels").ok()).isFalse();
    }

    @Test
    void isReadyWithPChannelsThatAreDownAsExpected() {
        has(0, PChannelState.AVAILABLE, null);
        has(1, PChannelState.UNAVAILABLE, null);

        assertThat(check("pchannels").ok()).isTrue();
        assertThat(check("pchannels").detail()).isEqualTo("2 as expected");
    }

    @Test
    void namesAtMostTen() {
        for (var partition = 0; partition < 11; partition++) {
            has(partition, PChannelState.OPENING, null);
        }

        assertThat(check("pchannels").detail()).endsWith("orders-9");
    }
}
