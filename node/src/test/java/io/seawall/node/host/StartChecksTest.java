package io.seawall.node.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.node.config.NodeConfig;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.RequestException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartChecksTest {
    @TempDir
    private Path folder;

    private NodeConfig config(String key, String value) {
        var raw = new TreeMap<>(Map.of(
                "node.id", "n1",
                "kafka.bootstrap.servers", "127.0.0.1:1",
                "http.port", "0",
                "grpc.port", "0",
                "data.dir", folder.resolve("data").toString()));
        raw.put(key, value);
        return new NodeConfig(raw);
    }

    @Test
    void aNodeMayUseWhatIsFreeAgainAndAgain() {
        for (var time = 0; time < 2; time++) {
            assertThatCode(() -> StartChecks.check(config("http.port", "0"))).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http.port", "grpc.port"})
    void namesAPortThatIsTakenAndItsKey(String key) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = taken.getLocalPort();

            assertThatThrownBy(() -> StartChecks.check(config(key, "" + port)))
                    .isInstanceOfSatisfying(
                            RequestException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID))
                    .hasMessageContaining("listen on 127.0.0.1:" + port)
                    .hasMessageContaining("another " + key);
        }
    }

    @Test
    void namesADirectoryThatCannotBeUsed() throws Exception {
        var file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> StartChecks.check(config("data.dir", file.toString())))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("use data.dir " + file)
                .hasMessageContaining("found " + file + ": it exists already")
                .hasMessageNotContaining("Exception");
    }

    @Test
    void namesANodeThatUsesTheDirectory() throws Exception {
        var used = DataDirLock.take(folder.resolve("data"));
        try {
            assertThatThrownBy(() -> StartChecks.check(config("http.port", "0")))
                    .hasMessageContaining("in use by this process")
                    .hasMessageContaining("another directory");
        } finally {
            used.close();
        }
    }
}
