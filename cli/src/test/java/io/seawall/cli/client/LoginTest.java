package io.seawall.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginTest {
    @ParameterizedTest
    @CsvSource({
        "https://node-1:7070,            false, true",
        "http://node-1:7070,             false, false",
        "http://node-1:7070,             true,  true",
        "http://10.0.0.1:7070,           false, false",
        "http://0.0.0.0:7070,            false, false",
        "http://127.0.0.1:7070,          false, true",
        "http://127.9.9.9:7070,          false, true",
        "http://[::1]:7070,              false, true",
        "http://[fe80::1]:7070,          false, false",
        "http://localhost:7070,          false, true",
        "http://localhost.example.com,   false, false",
        "http://127.0.0.1.example.com,   false, false"
    })
    void aTokenGoesInPlainTextToThisMachineAlone(URI to, boolean plainText, boolean sent) {
        var login = new Login("seawall_x", plainText);

        var request = login.addTo(HttpRequest.newBuilder(to), to).build();

        assertThat(request.headers().firstValue("Authorization").isPresent()).isEqualTo(sent);
        assertThat(login.isWithheldFrom(to)).isEqualTo(!sent);
    }

    @Test
    void withoutATokenNothingIsSentOrWithheld() {
        var to = URI.create("http://node-1:7070");

        assertThat(Login.NONE
                        .addTo(HttpRequest.newBuilder(to), to)
                        .build()
                        .headers()
                        .map())
                .isEmpty();
        assertThat(Login.NONE.isWithheldFrom(to)).isFalse();
    }

    @Test
    void showsNoSecret() {
        assertThat(new Login("seawall_x", true).toString()).doesNotContain("seawall_x");
    }
}
