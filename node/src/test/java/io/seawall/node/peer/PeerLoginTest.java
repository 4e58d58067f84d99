package io.seawall.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.tls.TestTls;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerLoginTest {
    @ParameterizedTest
    @CsvSource({
        "https://node-1:7070,     false, true",
        "http://node-1:7070,      false, false",
        "http://node-1:7070,      true,  true",
        "http://10.0.0.1:7070,    false, false",
        "http://127.0.0.1:7070,   false, true",
        "http://127.1.2.3:7070,   false, true",
        "http://[::1]:7070,       false, true",
        "http://[fe80::1]:7070,   false, false",
        "http://localhost:7070,   false, true",
        "http://localhost.example.com:7070, false, false",
        "http://127.example.com:7070, false, false"
    })
    void sendsTheTokenInPlainTextToThisMachineAlone(String url, boolean plainText, boolean sent) {
        var login = new PeerLogin(TestTls.sockets(), () -> Optional.of("seawall_x"), plainText);

        assertThat(login.tokenFor(PeerUrl.parse(url).orElseThrow()).isPresent()).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({"https://node-1:7070", "http://127.0.0.1:7070"})
    void sendsNoneIfThereIsNone(String url) {
        var login = PeerLogin.without(TestTls.sockets());

        assertThat(login.tokenFor(PeerUrl.parse(url).orElseThrow())).isEmpty();
    }
}
