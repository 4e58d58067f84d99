package io.seawall.lifetime;

import static io.seawall.lifetime.Waits.BOUND;
import static io.seawall.lifetime.Waits.fails;
import static io.seawall.lifetime.Waits.failsWith;
import static io.seawall.lifetime.Waits.succeeds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.seawall.wal.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What an operator sees: a log line and a count per move, and times in the status. */
class LifetimeRecordsTest extends ManagerFixture {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration OPENING = Duration.ofMillis(1_500);

    private final Logger logger = (Logger) LoggerFactory.getLogger(WalLifetime.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong elapsedMs = new AtomicLong();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        manager = new WalManager(opener, flusher, LifetimeSettings.DEFAULTS, () -> START.plusMillis(elapsedMs.get()));
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private void pass(Duration time) {
        elapsedMs.addAndGet(time.toMillis());
    }

    /** Opens a log; time passes only while the opener runs. */
    private void openSlowly(long term) throws Exception {
        opener.hold(ORDERS);
        var open = manager.open(ORDERS, term);
        opener.awaitStarted(ORDERS, term);
        pass(OPENING);
        opener.succeed(ORDERS, term);
        succeeds(open);
    }

    private static String move(ILoggingEvent line) {
        return value(line, "from") + " " + value(line, "to") + " " + value(line, "durationMs");
    }

    private static String value(ILoggingEvent line, String key) {
        return line.getKeyValuePairs().stream()
                .collect(Collectors.toMap(pair -> pair.key, LifetimeRecordsTest::text))
                .getOrDefault(key, "");
    }

    private static String text(KeyValuePair pair) {
        return String.valueOf(pair.value);
    }

    @Test
    void writesOneLineForAnOpeningAndOneForAClose() throws Exception {
        opener.hold(ORDERS);
        var open = manager.open(ORDERS, 7, "taken over from n2: n2 is gone");
        opener.awaitStarted(ORDERS, 7);
        pass(OPENING);
        opener.succeed(ORDERS, 7);
        succeeds(open);
        pass(Duration.ofMinutes(1));
        succeeds(manager.remove(ORDERS, 7));

        assertThat(lines.list)
                .extracting(line -> line.getLevel() + " " + line.getMessage() + " " + line.getKeyValuePairs())
                .containsExactly(
                        "INFO log opened [pchannel=\"orders-0\", term=\"7\", tail=\"5\", durationMs=\"1500\","
                                + " why=\"taken over from n2: n2 is gone\"]",
                        "INFO log closed [pchannel=\"orders-0\", term=\"7\"]");
    }

    @Test
    void tellsEachMoveAndItsDurationOnRequest() throws Exception {
        logger.setLevel(Level.DEBUG);
        openSlowly(7);
        pass(Duration.ofMinutes(1));
        succeeds(manager.remove(ORDERS, 7));

        var moves = lines.list.stream()
                .filter(line -> line.getLevel() == Level.DEBUG)
                .toList();
        assertThat(moves)
                .extracting(LifetimeRecordsTest::move)
                .containsExactly(
                        "DOWN OPENING 0",
                        "OPENING REGISTERING 1500",
                        "REGISTERING AVAILABLE 0",
                        "AVAILABLE UNREGISTERING 60000",
                        "UNREGISTERING CLOSING 0",
                        "CLOSING DOWN 0");
        assertThat(moves).allSatisfy(line -> assertThat(value(line, "pchannel")).isEqualTo("orders-0"));
        assertThat(value(moves.get(2), "current")).isEqualTo("open at term 7");
        assertThat(value(moves.get(3), "expected")).isEqualTo("closed at term 7");
    }

    @Test
    void aFailureIsAWarningWithItsCode() throws Exception {
        opener.failWith(Errors.unavailable("no broker"));

        failsWith(ErrorCode.UNAVAILABLE, manager.open(ORDERS, 7));

        var last = List.copyOf(lines.list).get(0);
        assertThat(last.getMessage()).isEqualTo("log not opened");
        assertThat(last.getLevel()).isEqualTo(Level.WARN);
        assertThat(value(last, "code")).isEqualTo("UNAVAILABLE");
        assertThat(value(last, "error")).contains("no broker");
    }

    @Test
    void writesNoLineForARequestThatChangesNothing() throws Exception {
        openSlowly(7);
        lines.list.clear();

        succeeds(manager.open(ORDERS, 7));
        failsWith(ErrorCode.IGNORED, manager.remove(ORDERS, 6));

        assertThat(lines.list).isEmpty();
    }

    @Test
    void countsMovesStaysAndRefusals() throws Exception {
        openSlowly(1);
        failsWith(ErrorCode.IGNORED, manager.open(ORDERS, 0));
        failsWith(ErrorCode.INVALID, manager.open(ORDERS, -5));

        var counts = manager.counts();

        assertThat(counts.moves())
                .containsOnly(
                        Map.entry(LifetimeStep.OPENING, 1L),
                        Map.entry(LifetimeStep.REGISTERING, 1L),
                        Map.entry(LifetimeStep.AVAILABLE, 1L));
        assertThat(counts.stays())
                .containsEntry(LifetimeStep.OPENING, new LifetimeCounts.Stays(1, OPENING))
                .doesNotContainKey(LifetimeStep.AVAILABLE);
        assertThat(counts.refusals()).containsOnly(Map.entry(ErrorCode.IGNORED, 1L), Map.entry(ErrorCode.INVALID, 1L));
    }

    @Test
    void aClockThatIsSetBackLowersNoCount() throws Exception {
        openSlowly(1);
        pass(Duration.ofMinutes(-1));

        succeeds(manager.remove(ORDERS, 1));

        assertThat(manager.counts().stays())
                .containsEntry(LifetimeStep.AVAILABLE, new LifetimeCounts.Stays(1, Duration.ZERO));
    }

    @Test
    void theStatusHasTheTimesOfTheStateAndOfTheLastFailure() throws Exception {
        openSlowly(7);
        assertThat(status(ORDERS).since()).isEqualTo(START.plus(OPENING));
        pass(Duration.ofSeconds(100));
        var end = START.plus(OPENING).plusSeconds(100);

        opener.wal(ORDERS, 7).end(Errors.fenced());

        awaitCurrent(ORDERS, 7, false);
        assertThat(status(ORDERS).since()).isEqualTo(end);
        pass(Duration.ofSeconds(5));
        openSlowly(9);
        var failure = requireNonNull(status(ORDERS).lastFailure());
        assertThat(failure.at()).isEqualTo(end);
        assertThat(failure.term()).isEqualTo(7);
        assertThat(failure.error().code()).isEqualTo(ErrorCode.FENCED);
        assertThat(status(ORDERS).termsSeen()).isEqualTo(2);
    }

    @Test
    void aFailureIsRememberedAlsoIfTheNextTermOpensInTheSameMoment() throws Exception {
        openSlowly(7);
        flusher.whileUnregistering(() -> {
            opener.release(ORDERS);
            var unused = manager.open(ORDERS, 8);
        });

        opener.wal(ORDERS, 7).end(Errors.fenced());

        await().atMost(BOUND).until(() -> status(ORDERS).current(), LifetimeState.availableAt(8)::equals);
        assertThat(requireNonNull(status(ORDERS).lastFailure()).term()).isEqualTo(7);
        assertThat(fails(manager.open(ORDERS, 7)).code()).isEqualTo(ErrorCode.IGNORED);
    }
}
