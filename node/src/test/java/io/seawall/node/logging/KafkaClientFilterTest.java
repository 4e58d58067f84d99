package io.seawall.node.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaClientFilterTest {
    private static final String NETWORK = "org.apache.kafka.clients.NetworkClient";
    private static final String GONE =
            "[Producer clientId=n1-demo-0-a, transactionalId=x] Connection to node {} ({}) could"
                    + " not be established. Node may not be available.";

    private final LoggerContext context = new LoggerContext();
    private final KafkaClientFilter filter = new KafkaClientFilter();
    private long nowMs = 1_000_000;

    private LoggingEvent event(String logger, Level level, String message, @Nullable Throwable thrown) {
        var event = new LoggingEvent(
                getClass().getName(), context.getLogger(logger), level, message, thrown, new Object[] {1, "h"});
        event.setInstant(Instant.ofEpochMilli(nowMs));
        return event;
    }

    private boolean passes(String message) {
        return passes(event(NETWORK, Level.WARN, message, null));
    }

    private boolean passes(LoggingEvent event) {
        return filter.decide(event) != FilterReply.DENY;
    }

    @Test
    void showsOneLineForAllClientsAndCountsTheOthers() {
        // given: a minute of lines
        var shown = 0;
        for (var line = 0; line < 600; line++) {
            shown += passes(GONE.replace("n1-demo-0-a", "n1-demo-" + line)) ? 1 : 0;
            nowMs += 100;
        }
        assertThat(shown).isEqualTo(1);

        // when
        var next = event(NETWORK, Level.WARN, GONE, null);

        // then
        assertThat(passes(next)).isTrue();
        assertThat(next.getKeyValuePairs())
                .singleElement()
                .satisfies(pair -> assertThat(pair.key + "=" + pair.value).isEqualTo("leftOut=599"));
        assertThat(passes(GONE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "org.apache.kafka.clients.NetworkClient, WARN, [c] Bootstrap broker {} disconnected, false",
        "org.apache.kafka.clients.Metadata, WARN, [c] Connection to node {} lost, false",
        "org.apache.kafka.clients.NetworkClient, ERROR, [c] Connection to node {} lost, false",
        "org.apache.kafka.clients.NetworkClient, WARN, [c] Connection to node {} lost, true",
    })
    void otherCausesHaveLinesOfTheirOwn(String logger, String level, String message, boolean exception) {
        assertThat(passes("[d] Connection to node {} lost")).isTrue();
        assertThat(passes("[c] Connection to node {} lost")).isFalse();

        var thrown = exception ? new IllegalStateException("x") : null;

        assertThat(passes(event(logger, Level.toLevel(level), message, thrown))).isTrue();
    }

    @Test
    void numbersInTheTextMakeNoOtherCause() {
        assertThat(passes("[c] Got error at offset 17")).isTrue();

        assertThat(passes("[c] Got error at offset 18")).isFalse();
    }

    @Test
    void otherLoggersAndDetailsPass() {
        for (var line = 0; line < 3; line++) {
            assertThat(passes(event("io.seawall.node.Node", Level.WARN, "x", null)))
                    .isTrue();
            assertThat(passes(event("org.apache.kafkaesque.Other", Level.WARN, "x", null)))
                    .isTrue();
            assertThat(passes(event(NETWORK, Level.DEBUG, "x", null))).isTrue();
        }
    }

    @Test
    void theNumberOfCausesIsBounded() {
        // given: more causes than are known
        var causes = KafkaClientFilter.MOST_CAUSES;
        for (var cause = 0; cause < causes; cause++) {
            assertThat(passes(letters(cause))).isTrue();
        }

        // then: all further ones share one line
        assertThat(passes(letters(causes))).isTrue();
        assertThat(passes(letters(causes + 1))).isFalse();
        assertThat(passes(letters(causes + 2))).isFalse();

        // when: the known ones are over
        nowMs += KafkaClientFilter.BETWEEN_LINES_MS;

        // then
        assertThat(passes(letters(causes + 3))).isTrue();
        assertThat(passes(letters(causes + 4))).isTrue();
    }

    private static String letters(int number) {
        return "cause " + (char) ('a' + number / 26) + (char) ('a' + number % 26);
    }

    @Test
    void aClockThatIsSetBackHidesNothing() {
        assertThat(passes(GONE)).isTrue();

        nowMs -= 3_600_000;

        assertThat(passes(GONE)).isTrue();
    }

    @Test
    void theNodesConfigurationUsesIt() throws Exception {
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(
                Objects.requireNonNull(getClass().getClassLoader().getResource("logback.xml")));

        var console = (ConsoleAppender<ILoggingEvent>)
                context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("console");

        assertThat(console.getCopyOfAttachedFiltersList()).singleElement().isInstanceOf(KafkaClientFilter.class);
    }
}
