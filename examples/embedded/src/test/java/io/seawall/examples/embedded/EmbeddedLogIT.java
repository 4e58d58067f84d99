package io.seawall.examples.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.kafkalocal.LocalKafka;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EmbeddedLogIT {
    @Test
    void appendsAndReadsBackAtEachTerm() {
        try (var kafka = LocalKafka.builder().start()) {
            var first = run(kafka.bootstrapServers(), "1");
            var second = run(kafka.bootstrapServers(), "2");

            assertThat(first.lines()).containsExactly("0 1 hello");
            assertThat(second.lines()).containsExactly("0 1 hello", "1 2 hello");
        }
    }

    private static String run(String... args) {
        var usual = System.out;
        var out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, UTF_8));
        try {
            EmbeddedLog.main(args);
        } finally {
            System.setOut(usual);
        }
        return out.toString(UTF_8);
    }
}
