package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClusterHttpTest {
    @Test
    void aNodeWithoutAClusterSaysSo() {
        try (var http = HttpFixture.withoutCluster()) {
            var answer = http.get("/v1/cluster");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text("code")).isEqualTo("INVALID");
            assertThat(answer.text("detail")).contains("mode=manual", "no cluster", "mode=cluster");
        }
    }

    @Test
    void aNodeSaysWhoItIs() {
        try (var http = new HttpFixture()) {
            var answer = http.get("/v1/cluster");

            assertThat(answer.text("node")).isEqualTo("n1");
            assertThat(answer.text("role")).isEqualTo("leading");
        }
    }
}
