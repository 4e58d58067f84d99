package io.seawall.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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
import org.slf4j.LoggerFactory;

class KafkaWatchTest {
    private final List<PChannelStatus> local = new ArrayList<>();
    private boolean away;
    private long nanos;
    private CompletableFuture<?> controller = CompletableFuture.completedFuture(null);
    private int questions;
    private CompletableFuture<?> broker = CompletableFuture.completedFuture(null);
    private final KafkaWatch watch = new KafkaWatch(this::ask, new Answers(), () -> local, () -> nanos);

    private final class Answers implements KafkaWatch.Requests {
        @Override
        public CompletableFuture<?> askBroker() {
            return broker;
        }

        @Override
        public CompletableFuture<?> askController() {
            questions++;
            return controller;
        }
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

        watch.ask();

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
        watch.ask();

        // when
        controller = CompletableFuture.failedFuture(RecordingOpener.error(ErrorCode.UNAVAILABLE));
        after(Duration.ofMillis(4_999));
        watch.ask();

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
        watch.ask();

        // then
        assertThat(check("controller").ok()).isTrue();
    }

    @Test
    void isNotReadyWhenAQuestionToTheControllerHangsAndAsksNoSecondOneMeanwhile() {
        // given
        watch.ask();
        controller = new CompletableFuture<>();

        // when
        for (var second = 0; second < 6; second++) {
            watch.ask();
            after(Duration.ofSeconds(1));
        }

        // then
        assertThat(check("controller").ok()).isFalse();
        assertThat(questions).isEqualTo(2);
    }

    @Test
    void isNotReadyWhenNoBrokerHasAnsweredForFourSecondsAndSaysWhy() {
        // given: the last verification, which blocks for long without Kafka, was good
        watch.check();
        watch.ask();

        // when
        broker = CompletableFuture.failedFuture(RecordingOpener.error(ErrorCode.UNAVAILABLE));
        after(Duration.ofMillis(3_999));
        watch.ask();

        // then
        assertThat(check("kafka").ok()).isTrue();
        after(Duration.ofMillis(1));
        assertThat(check("kafka").ok()).isFalse();
        assertThat(check("kafka").detail())
                .startsWith("has not answered for 4 s: ")
                .contains(String.valueOf(
                        RecordingOpener.error(ErrorCode.UNAVAILABLE).getMessage()));

        // when one answers again
        broker = CompletableFuture.completedFuture(null);
        watch.ask();

        // then
        assertThat(check("kafka").ok()).isTrue();
    }

    @Test
    void warnsOnceThatKafkaIsGoneAndNotOfItsControllerToo() {
        // given
        watch.ask();
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var logger = (Logger) LoggerFactory.getLogger(KafkaWatch.class);
        logger.addAppender(lines);
        try {
            // when: nobody answers for a minute, then the broker, and a little later the controller
            broker = CompletableFuture.failedFuture(RecordingOpener.error(ErrorCode.UNAVAILABLE));
            controller = broker;
            for (var second = 0; second < 60; second++) {
                after(Duration.ofSeconds(1));
                watch.ask();
            }
            broker = CompletableFuture.completedFuture(null);
            watch.ask();
            after(Duration.ofSeconds(1));
            watch.ask();
            controller = CompletableFuture.completedFuture(null);
            watch.ask();

            // then
            assertThat(lines.list)
                    .extracting(line -> line.getLevel() + " " + line.getMessage())
                    .satisfiesExactly(
                            gone -> assertThat(gone).startsWith("WARN Kafka does not answer"),
                            back -> assertThat(back).isEqualTo("INFO Kafka answers again"));
        } finally {
            logger.detachAppender(lines);
        }
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
