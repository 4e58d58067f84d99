package io.seawall.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigProblemsTest {
    private static final Map<String, String> WRONG = Map.of(
            "node.id", "n1",
            "kafka.bootstrap.servers", "k:1",
            "http.port", "abc",
            "wal.window.bytes", "1KiB",
            "trim.retain.ms", "-2",
            "flush.codec", "gzip",
            "flush.enabled", "yes",
            "htp.host", "x",
            "kafka.acks", "1");

    @Test
    void showsAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> new NodeConfig(WRONG))
                .hasMessageStartingWith("7 problems:\n")
                .hasMessageContaining("unknown configuration key htp.host; did you mean http.host?")
                .hasMessageContaining("kafka.acks, expected not to be set")
                .hasMessageContaining("http.port=abc, expected a whole number from 0 to 65535")
                .hasMessageContaining("wal.window.bytes=1KiB, expected a size from 64KiB to 256MiB")
                .hasMessageContaining("trim.retain.ms=-2, expected a whole number of -1 or more")
                .hasMessageContaining("flush.codec=gzip, expected zstandard or deflate")
                .hasMessageContaining("flush.enabled=yes, expected true or false");
    }

    @Test
    void showsAllThatContradictsEachOtherAtOnce() {
        var contradicting = Map.of(
                "node.id", "n1",
                "kafka.bootstrap.servers", "k:1",
                "tls.certificate", "cert.pem",
                "segments.root", "s3://bucket",
                "trim.unflushed", "true");

        assertThatThrownBy(() -> new NodeConfig(contradicting))
                .hasMessageStartingWith("3 problems:\n")
                .hasMessageContaining("tls.key=, expected a file")
                .hasMessageContaining("s3.region=, expected a region")
                .hasMessageContaining("trim.unflushed=true, expected flush.enabled=false");
    }

    @Test
    void saysHowToSetWhatIsMissing() {
        assertThatThrownBy(() -> new NodeConfig(Map.of("kafka.bootstrap.servers", "k:1")))
                .hasMessageStartingWith("no node.id, expected a value")
                .hasMessageContaining("SEAWALL_NODE_ID");
    }

    @ParameterizedTest
    @CsvSource({
        "sttus, status, 1",
        "lsit, list, 1",
        "kafka.bootstrap.server, kafka.bootstrap.servers, 1",
        "htpt.port, http.port, 1",
        "abc, cab, 2",
        "'', abc, 3",
        "same, same, 0",
    })
    void countsTypingErrors(String typed, String meant, int distance) {
        assertThat(NearestKey.distance(typed, meant)).isEqualTo(distance);
        assertThat(NearestKey.distance(meant, typed)).isEqualTo(distance);
    }
}
