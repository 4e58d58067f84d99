package io.seawall.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerUrlTest {
    @ParameterizedTest
    @CsvSource({
        "http://n1:7070, n1, 7070, ''",
        "HTTP://n1, n1, 80, ''",
        "http://n1:7070/, n1, 7070, ''",
        "http://n1:7070/seawall/, n1, 7070, /seawall",
        "http://10.0.0.1:7070, 10.0.0.1, 7070, ''",
        "http://[::1]:7070, [::1], 7070, ''",
        "http://[fe80::1]/x, [fe80::1], 80, /x",
        // Names of containers, which are no names of hosts for java.net.URI (micronaut-core #1806).
        "http://seawall_node_1:7070, seawall_node_1, 7070, ''",
        "http://seawall_node_1, seawall_node_1, 80, ''",
        "http://seawall_node_1:7070/x/, seawall_node_1, 7070, /x",
    })
    void aUrlHasAHostAPortAndAPath(String text, String host, int port, String path) {
        assertThat(PeerUrl.parse(text)).contains(new PeerUrl(host, port, path, false));
    }

    @ParameterizedTest
    @CsvSource({
        "https://n1:7070, n1, 7070, ''",
        "HTTPS://n1, n1, 443, ''",
        "https://seawall_node_1/x/, seawall_node_1, 443, /x",
    })
    void httpsIsServedWithTls(String text, String host, int port, String path) {
        assertThat(PeerUrl.parse(text)).contains(new PeerUrl(host, port, path, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n1:7070",
                "ftp://n1:7070",
                "http://",
                "http:///path",
                "no url",
                "http://a_b:port",
                "http://a_b:70700",
                "http://n1:70700",
                "http://user@a_b:7070",
                "http://[::1"
            })
    void anythingElseIsNone(String text) {
        assertThat(PeerUrl.parse(text)).isEmpty();
    }

    @Test
    void anAddressOfVersionSixIsOneForSocketsToo() {
        var address = PeerUrl.parse("http://[::1]:7070").orElseThrow().resolve();

        assertThat(address.isUnresolved()).isFalse();
        assertThat(address.getPort()).isEqualTo(7070);
    }
}
