package io.seawall.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.RequestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConfigTest {
    private static NodeConfig with(String... keysAndValues) {
        var raw = new HashMap<>(Map.of("node.id", "n1", "kafka.bootstrap.servers", "localhost:9092"));
        for (var at = 0; at < keysAndValues.length; at += 2) {
            raw.put(keysAndValues[at], keysAndValues[at + 1]);
        }
        return new NodeConfig(raw);
    }

    @Test
    void defaultsAreThoseOfTheDesign() {
        var config = with();

        assertThat(config.mode()).isEqualTo(Mode.CLUSTER);
        assertThat(config.prefix()).isEqualTo("seawall-");
        assertThat(config.httpHost()).isEqualTo("127.0.0.1");
        assertThat(config.httpAdvertisedUrl(7070)).isEqualTo("http://127.0.0.1:7070");
        assertThat(config.walRoll()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.walRollBytes()).isEqualTo(16 << 20);
        assertThat(config.walUncommittedBytes()).isEqualTo(128 << 20);
        assertThat(config.walRecordMaxBytes()).isEqualTo(1 << 20);
        assertThat(config.flushInterval()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.segmentsRoot()).isEqualTo(new SegmentsRoot.Folder(Path.of("./data/segments")));
        assertThat(config.s3Endpoint()).isEmpty();
        assertThat(config.s3PathStyle()).isFalse();
        assertThat(config.s3Checksum()).isEqualTo(S3Checksum.WHEN_SUPPORTED);
        assertThat(config.s3AttemptTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.s3Timeout()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void originsAreAsBrowsersSendThem() {
        assertThat(with().httpCorsOrigins()).isEmpty();
        assertThat(with("http.cors.origins", "*").httpCorsOrigins()).containsExactly("*");
        assertThat(with("http.cors.origins", "https://Ops.example:443 , http://[::1]:80,http://a:8080")
                        .httpCorsOrigins())
                .containsExactlyInAnyOrder("https://ops.example", "http://[::1]", "http://a:8080");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ops.example", "https://ops.example/", "*, https://a", "https://*.example", "https://a,", "null"
            })
    void refusesWhatIsNoOrigin(String origins) {
        assertThatThrownBy(() -> with("http.cors.origins", origins))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("http.cors.origins");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://gr\u00fcn:7070", "http://a\ud800", "http://a b"})
    void refusesAnAdvertisedUrlThatNoClaimAndNoHeaderCanHold(String url) {
        assertThatThrownBy(() -> with("http.advertised.url", url))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("http.advertised.url");
    }

    @Test
    void readsEveryKindOfValue() {
        var config = with(
                "mode",
                "manual",
                "wal.roll.bytes",
                "1 MiB",
                "wal.roll.ms",
                "20",
                "topic.create",
                "false",
                "topic.verify",
                "warn",
                "spool.dir",
                "elsewhere",
                "http.advertised.url",
                "http://node-1:7070");

        assertThat(config.mode()).isEqualTo(Mode.MANUAL);
        assertThat(config.walRollBytes()).isEqualTo(1 << 20);
        assertThat(config.walRoll()).isEqualTo(Duration.ofMillis(20));
        assertThat(config.topicCreate()).isFalse();
        assertThat(config.topicVerify()).isEqualTo(TopicVerify.WARN);
        assertThat(config.spoolDir()).isEqualTo(Path.of("elsewhere"));
        assertThat(config.httpAdvertisedUrl(1)).isEqualTo("http://node-1:7070");
    }

    @Test
    void isAMemberOfAClusterUnlessItIsToldOtherwise() {
        var config = with("cluster.grace.ms", "1");

        assertThat(config.mode()).isEqualTo(Mode.CLUSTER);
        assertThat(config.clusterSession()).isEqualTo(Duration.ofSeconds(6));
        assertThat(config.clusterHeartbeat()).isEqualTo(Duration.ofMillis(300));
        assertThat(config.clusterGrace()).isEqualTo(Duration.ofMillis(1));
        assertThat(config.clusterSettle()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.clusterHints()).isTrue();
        assertThat(config.clusterPeerUrl()).isEmpty();
        assertThat(config.clusterDrainTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void hasAnAddressOfItsOwnForItsPeersIfItIsToldSo() {
        assertThat(with("cluster.peer.url", "http://inside:7070").clusterPeerUrl())
                .isEqualTo("http://inside:7070");
        assertThatThrownBy(() -> with("cluster.peer.url", "inside:7070"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cluster.peer.url");
    }

    @Test
    void namesTheFixForTheModeThatIsGone() {
        assertThatThrownBy(() -> with("mode", "single"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("mode=single is gone; a cluster of one does the same");
        assertThatThrownBy(() -> with("mode", "Cluster")).hasMessageContaining("expected cluster or manual");
    }

    @Test
    void refusesAHeartbeatThatOneLossTurnsIntoTheEndOfASession() {
        assertThatThrownBy(() -> with("cluster.heartbeat.ms", "2001"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cluster.heartbeat.ms")
                .hasMessageContaining("at most a third of cluster.session.timeout.ms, which is 6000");
        assertThat(with("cluster.heartbeat.ms", "2000").clusterHeartbeat()).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource({
        "wal.roll.msx,wal.roll.ms",
        "http.prot,http.port",
        "flush.byte,flush.bytes",
        "node_id,node.id",
        "kafka.bootstrap.server,kafka.bootstrap.servers",
        "kafka.producer.btach.size,kafka.producer.batch.size",
        "kafka.security.protocl,kafka.security.protocol",
    })
    void anUnknownKeySuggestsTheNearestOne(String key, String nearest) {
        assertThatThrownBy(() -> with(key, "1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("did you mean " + nearest + "?");
    }

    @Test
    void aKeyOfKafkaThatIsNoTypingErrorMayBeThatOfAPlugIn() {
        assertThat(with("kafka.my.plugin.url", "u").kafkaAdmin()).containsEntry("my.plugin.url", "u");
    }

    @Test
    void anUnknownKeyUnlikeAnyOtherPointsToTheReference() {
        assertThatThrownBy(() -> with("zzz", "1")).hasMessageContaining("docs/configuration.md");
    }

    @ParameterizedTest
    @CsvSource({
        "http.port,65536",
        "http.port,x",
        "wal.roll.bytes,1KiB",
        "wal.roll.ms,1",
        "mode,double",
        "prefix,Upper",
        "node.id,has space",
        "insecure.bind,perhaps",
        "http.advertised.url,node-1:7070",
        "http.advertised.url,http://node-1:7070/",
    })
    void aWrongValueNamesKeyAndValue(String key, String value) {
        assertThatThrownBy(() -> with(key, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "localhost | 'localhost' has no port",
                "localhost: | 'localhost:' has no port",
                "a:1,b | 'b' has no port",
                "localhost:0 | 'localhost:0' has a port that is not from 1 to 65535",
                "localhost:99999 | 'localhost:99999' has a port that is not from 1 to 65535",
                "http://localhost:9092/x | 'http://localhost:9092/x' is not host:port",
                "::1:9092 | '::1:9092' is not host:port",
                "a:1,,b:2 | '' is not host:port",
                "a:1, | '' is not host:port",
            })
    void aWrongAddressOfKafkaIsNamedWithTheForm(String servers, String found) {
        assertThatThrownBy(() -> with("kafka.bootstrap.servers", servers))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kafka.bootstrap.servers")
                .hasMessageContaining(found)
                .hasMessageContaining("as in localhost:9092");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:1", "a:1,b:2", "a:1 , b:2", "[::1]:9092", "PLAINTEXT://a:9092", "under_score:9092"})
    void addressesThatKafkaTakesAreTaken(String servers) {
        assertThat(with("kafka.bootstrap.servers", servers).kafkaAdmin()).containsEntry("bootstrap.servers", servers);
    }

    @Test
    void anIpv6AddressMayStandInBrackets() {
        var config = with("http.host", "[::1]");

        assertThat(config.httpHost()).isEqualTo("::1");
        assertThat(config.httpAdvertisedUrl(7070)).isEqualTo("http://[::1]:7070");
    }

    @ParameterizedTest
    @CsvSource({
        "http.advertised.url,http://a|b:7070",
        "http.advertised.url,http://a:99999",
        "http.advertised.url,http://a:x",
        "s3.endpoint,http://a|b:9000",
        "s3.endpoint,http://a:99999",
        "data.dir,NUL",
        "spool.dir,NUL",
        "segments.root,NUL",
    })
    void whatIsNoUrlAndNoPathIsRefusedAtOnce(String key, String value) {
        assertThatThrownBy(() -> with(key, value.replace("NUL", "nul\0nul")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }

    @Test
    void aStartWithAWrongConfigurationFailsWithoutAKafkaType() {
        assertThatThrownBy(() -> NodeConfig.load(null, Map.of("SEAWALL_NODE_ID", "n1"), List.of("http.prot=1")))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining("http.prot")
                .hasMessageContaining("did you mean http.port?");
    }

    @Test
    void nodeIdHasToBeSet() {
        assertThatThrownBy(() -> new NodeConfig(Map.of("kafka.bootstrap.servers", "b:1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("node.id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::"})
    void refusesToListenForOthersUnlessToldInSoManyWords(String host) {
        assertThatThrownBy(() -> with("http.host", host))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no authentication")
                .hasMessageContaining("insecure.bind=true");
        assertThat(with("http.host", host, "insecure.bind", "true").httpHost()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::"})
    void listensForOthersWithTlsAndCertificatesOfClients(String host) {
        String[] tls = {"http.host", host, "tls.certificate", "c.pem", "tls.key", "k.pem"};

        assertThatThrownBy(() -> with(tls))
                .hasMessageContaining("tls.client.ca")
                .hasMessageNotContaining("no TLS");
        assertThat(with("http.host", host, "tls.certificate", "c.pem", "tls.key", "k.pem", "tls.client.ca", "ca.pem")
                        .httpHost())
                .isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::"})
    void listensForOthersWithTlsAndAnAccessFile(String host) {
        assertThatThrownBy(() -> with("http.host", host, "access.file", "a.jsonl"))
                .hasMessageContaining("there is no TLS")
                .hasMessageContaining("tls.certificate")
                .hasMessageContaining("insecure.bind=true")
                .hasMessageNotContaining("no authentication");
        assertThat(with("http.host", host, "access.file", "a.jsonl", "tls.certificate", "c.pem", "tls.key", "k.pem")
                        .httpHost())
                .isEqualTo(host);
        assertThat(with("http.host", host, "access.file", "a.jsonl", "insecure.bind", "true")
                        .httpHost())
                .isEqualTo(host);
    }

    @Test
    void readsTheFilesForAccess() {
        var config = with("access.file", "a.jsonl", "access.node.token.file", "t");

        assertThat(with().accessFile()).isEmpty();
        assertThat(with().accessNodeTokenFile()).isEmpty();
        assertThat(config.accessFile()).contains(Path.of("a.jsonl"));
        assertThat(config.accessNodeTokenFile()).contains(Path.of("t"));
    }

    @Test
    void readsTheFilesForTls() {
        var config = with("tls.certificate", "c.pem", "tls.key", "k.pem", "tls.ca", "ca.pem");

        assertThat(with().tls()).isEmpty();
        assertThat(config.tls())
                .contains(new TlsFiles(
                        Path.of("c.pem"), Path.of("k.pem"), Optional.empty(), Optional.of(Path.of("ca.pem"))));
        assertThat(config.httpAdvertisedUrl(7070)).isEqualTo("https://127.0.0.1:7070");
    }

    @ParameterizedTest
    @CsvSource({
        "tls.certificate, c.pem, tls.key",
        "tls.key, k.pem, tls.certificate",
        "tls.client.ca, ca.pem, tls.certificate",
    })
    void aFileForTlsNeedsTheOthers(String key, String value, String missing) {
        assertThatThrownBy(() -> with(key, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(missing)
                .hasMessageContaining(key + " is set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http.advertised.url", "cluster.peer.url"})
    void aNodeWithTlsAnnouncesNoUrlWithoutIt(String key) {
        assertThatThrownBy(() -> with("tls.certificate", "c.pem", "tls.key", "k.pem", key, "http://n1:7070"))
                .hasMessageContaining(key)
                .hasMessageContaining("https://");
    }

    @Test
    void passesKafkaSettingsThroughAndTheClientsOwnWin() {
        var config = with(
                "kafka.security.protocol",
                "SSL",
                "kafka.send.buffer.bytes",
                "1",
                "kafka.producer.send.buffer.bytes",
                "2");

        assertThat(config.kafkaProducer())
                .containsOnly(
                        Map.entry("bootstrap.servers", "localhost:9092"),
                        Map.entry("security.protocol", "SSL"),
                        Map.entry("send.buffer.bytes", "2"));
        assertThat(config.kafkaConsumer()).containsEntry("send.buffer.bytes", "1");
        assertThat(config.kafkaAdmin()).doesNotContainKey("producer.send.buffer.bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka.", "kafka.producer.", "kafka.consumer.", "kafka.admin."})
    void refusesWhatSeawallDecidesUnderEveryPrefix(String prefix) {
        KafkaSettings.REFUSED.forEach((setting, rule) -> assertThatThrownBy(() -> with(prefix + setting, "s3cret"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(prefix + setting)
                .hasMessageContaining(rule)
                .hasMessageNotContaining("s3cret"));
    }

    @Test
    void hidesWhatIsPassedThrough() {
        var config = with("kafka.ssl.key.password", "s3cret");

        assertThat(config.toString())
                .contains("kafka.ssl.key.password=[hidden]", "wal.roll.ms=1000")
                .doesNotContain("s3cret");
    }

    @Test
    void everyNumberSaysWhatGoesWrongTooLowAndTooHigh() {
        ConfigKeys.DEFINITION.configKeys().values().stream()
                .filter(key -> key.type == ConfigDef.Type.LONG || key.type == ConfigDef.Type.INT)
                .forEach(key -> assertThat(key.documentation).as(key.name).contains("Too low:", "Too high:"));
    }

    @Test
    void onlySizesWithoutALimitMayBeMinusOne() {
        assertThat(with("trim.retain.bytes", "-1").trimRetainBytes()).isEqualTo(-1);
        assertThat(with("trim.retain.bytes", "0").trimRetainBytes()).isZero();
        assertThatThrownBy(() -> with("flush.bytes", "-1")).hasMessageContaining("flush.bytes");
        assertThatThrownBy(() -> with("trim.retain.bytes", "-2")).hasMessageContaining("trim.retain.bytes");
    }

    @Test
    void recordsAreLostOnPurposeOnlyWithoutFlushing() {
        assertThat(with("trim.unflushed", "true", "flush.enabled", "false").trimUnflushed())
                .isTrue();
        assertThatThrownBy(() -> with("trim.unflushed", "true")).hasMessageContaining("flush.enabled=false");
    }
}
