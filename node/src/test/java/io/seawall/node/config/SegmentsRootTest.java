package io.seawall.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentsRootTest {
    private static NodeConfig with(Map<String, String> more) {
        var raw = new HashMap<>(Map.of("node.id", "n1", "kafka.bootstrap.servers", "localhost:9092"));
        raw.putAll(more);
        return new NodeConfig(raw);
    }

    @ParameterizedTest
    @CsvSource({
        "s3://seawall,seawall,''",
        "s3://seawall/,seawall,''",
        "s3://my.bucket-1/a/b.c/d_e,my.bucket-1,a/b.c/d_e",
        "s3://seawall/a/,seawall,a"
    })
    void readsABucketAndAPrefix(String value, String bucket, String prefix) {
        assertThat(SegmentsRoot.parse("segments.root", value)).isEqualTo(new SegmentsRoot.Bucket(bucket, prefix));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv/segments", "segments", "./a:b/c", "s3"})
    void takesAnythingElseForAFolder(String value) {
        assertThat(SegmentsRoot.parse("segments.root", value)).isEqualTo(new SegmentsRoot.Folder(Path.of(value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:/seawall",
                "s3://",
                "s3://A",
                "s3://UPPER",
                "S3://seawall",
                "s3://seawall//a",
                "s3://seawall/a//b",
                "s3://seawall/../a",
                "s3://seawall/./a",
                "s3://seawall/a b",
                "s3://seawall/a?b",
                "s3://key:secret@seawall/a",
                "gs://seawall/a",
                "file:///srv"
            })
    void refusesOtherUrls(String value) {
        assertThatThrownBy(() -> with(Map.of("segments.root", value, "s3.region", "us-east-1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("segments.root")
                .hasMessageContaining("s3://<bucket>");
    }

    @Test
    void readsWhereTheBucketIs() {
        var config = with(Map.of(
                "segments.root",
                "s3://seawall/prod",
                "s3.endpoint",
                "https://store.example:9000",
                "s3.region",
                "eu-west-1",
                "s3.path.style",
                "true",
                "s3.checksum",
                "when_required"));

        assertThat(config.segmentsRoot()).isEqualTo(new SegmentsRoot.Bucket("seawall", "prod"));
        assertThat(config.s3Endpoint()).hasValue(URI.create("https://store.example:9000"));
        assertThat(config.s3Region()).isEqualTo("eu-west-1");
        assertThat(config.s3PathStyle()).isTrue();
        assertThat(config.s3Checksum()).isEqualTo(S3Checksum.WHEN_REQUIRED);
    }

    @Test
    void aBucketNeedsARegion() {
        assertThatThrownBy(() -> with(Map.of("segments.root", "s3://seawall")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("s3.region");
    }

    @ParameterizedTest
    @ValueSource(strings = {"store:9000", "ftp://store", "http://store/path", "http://key:secret@store", "http://a b"})
    void refusesAnEndpointThatIsNone(String value) {
        assertThatThrownBy(() -> with(Map.of("s3.endpoint", value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("s3.endpoint");
    }

    @Test
    void anAttemptMayNotTakeLongerThanTheCall() {
        assertThatThrownBy(() -> with(Map.of("s3.attempt.timeout.ms", "5001", "s3.timeout.ms", "5000")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("s3.attempt.timeout.ms")
                .hasMessageContaining("5000");
    }
}
