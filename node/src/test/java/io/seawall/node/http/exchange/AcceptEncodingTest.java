package io.seawall.node.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.http.coding.Coding;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                            | IDENTITY",
                "gzip                          | GZIP",
                "GZIP                          | GZIP",
                "x-gzip                        | GZIP",
                "zstd                          | ZSTD",
                "gzip, deflate, br, zstd       | ZSTD",
                "gzip;q=1.0, zstd;q=0.5        | GZIP",
                "gzip; q=0.2, zstd; q=0.1      | GZIP",
                "gzip;q=0                      | IDENTITY",
                "gzip;q=0, zstd;q=0            | IDENTITY",
                "*                             | ZSTD",
                "*;q=0                         | IDENTITY",
                "zstd;q=0, *                   | GZIP",
                "*, zstd;q=0                   | GZIP",
                "identity                      | IDENTITY",
                "identity, gzip;q=0.5          | IDENTITY",
                "identity;q=0.5, gzip          | GZIP",
                "identity;q=0                  | IDENTITY",
                "br, deflate                   | IDENTITY",
                "gzip;q=nonsense               | IDENTITY",
                "\"gzip                        | IDENTITY",
            })
    void choosesWhatTheClientPrefers(String header, Coding coding) {
        assertThat(AcceptEncoding.choose(List.of(header))).isEqualTo(coding);
    }

    @Test
    void noHeaderAsksForNothingAndSeveralAreOneList() {
        assertThat(AcceptEncoding.choose(List.of())).isEqualTo(Coding.IDENTITY);
        assertThat(AcceptEncoding.choose(List.of("gzip;q=0.5", "zstd;q=0.4"))).isEqualTo(Coding.GZIP);
    }
}
