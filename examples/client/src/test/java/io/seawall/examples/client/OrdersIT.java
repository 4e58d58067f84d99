package io.seawall.examples.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.kafkalocal.LocalKafka;
import io.seawall.node.Node;
import io.seawall.node.config.NodeConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrdersIT {
    @TempDir
    private Path folder;

    @Test
    void appendsAndReadsBack() {
        try (var kafka = LocalKafka.builder().start();
                var node = Node.start(NodeConfig.load(
                        null,
                        Map.of(),
                        List.of(
                                "node.id=n1",
                                "kafka.bootstrap.servers=" + kafka.bootstrapServers(),
                                "http.port=0",
                                "grpc.port=0",
                                "data.dir=" + folder)))) {
            var out = run(node.grpc().orElseThrow());

            assertThat(out.lines()).containsExactly("acknowledged: LSN 0 and 1", "0 first", "1 second");
        }
    }

    private static String run(String... args) {
        var usual = System.out;
        var out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, UTF_8));
        try {
            Orders.main(args);
        } finally {
            System.setOut(usual);
        }
        return out.toString(UTF_8);
    }
}
