package io.seawall.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class HttpClientsTest {
    private final HttpClients clients = new HttpClients(Duration.ofSeconds(1), null);

    @Test
    void aClientWithTlsTrustsWhatTheMachineTrusts() throws Exception {
        assertThat(clients.forScheme("https").sslContext()).isSameAs(SSLContext.getDefault());
    }

    @Test
    void aPlainClientIsAnotherOneThatReadsNoCertificates() throws Exception {
        var plain = clients.forScheme("http");

        assertThat(clients.forScheme("http")).isSameAs(plain);
        assertThat(plain.sslContext()).isNotSameAs(SSLContext.getDefault());
    }
}
