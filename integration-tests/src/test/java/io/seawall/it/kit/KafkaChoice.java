package io.seawall.it.kit;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The choice of {@code -Dkafka}.
 *
 * @param kind where the brokers come from
 * @param text the value of the property
 */
record KafkaChoice(Kind kind, String text) {
    /** Where the brokers come from. */
    enum Kind {
        /** Child processes on this machine; the only brokers that a test may kill. */
        PROCESS,
        /** A container, started by Testcontainers. */
        TESTCONTAINERS,
        /** An existing cluster; the text is its bootstrap servers. */
        EXISTING
    }

    private static final Pattern SERVERS = Pattern.compile("[^\\s,:]+:\\d{1,5}(,[^\\s,:]+:\\d{1,5})*");

    /**
     * Parses the property.
     *
     * @param text its value; null, as in an IDE, means {@code process}
     * @throws IllegalArgumentException if it is none of the three, so that a typing error is not taken for a cluster that
     *     does not answer
     */
    static KafkaChoice of(@Nullable String text) {
        if (text == null || text.equals("process")) {
            return new KafkaChoice(Kind.PROCESS, "process");
        }
        if (text.equals("testcontainers")) {
            return new KafkaChoice(Kind.TESTCONTAINERS, text);
        }
        if (SERVERS.matcher(text).matches()) {
            return new KafkaChoice(Kind.EXISTING, text);
        }
        throw new IllegalArgumentException("Cannot run on -Dkafka='" + text
                + "': expected process, testcontainers, or bootstrap servers as in 127.0.0.1:19092,127.0.0.1:19093");
    }

    @Override
    public String toString() {
        return "-Dkafka=" + text;
    }
}
