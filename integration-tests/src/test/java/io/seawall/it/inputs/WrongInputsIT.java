package io.seawall.it.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes back for wrong inputs, of every way into a node, is in a file that can be read in one go. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WrongInputsIT {
    private static final Path PAGE = Path.of("..", "docs", "samples", "wrong-inputs.txt");
    private static final String REWRITE = "seawall.docs.write";
    private static final int FEWEST = 60;

    /** Classes of Java and of ours, with or without their package. */
    private static final Pattern CLASS_NAME =
            Pattern.compile("\\b(?:[a-z]+\\.)+[A-Z][a-z]+[A-Za-z]*|\\b(?:[A-Z][a-z]+)+(?:Exception|Error|DateTime)\\b");

    private static final Pattern TEMPLATE = Pattern.compile("\\{(p|n|topic)}");
    private static final Pattern BARE_NULL = Pattern.compile(": null\\b|found null[,;]|'null'");

    @TempDir
    private Path folder;

    @Test
    void areAnsweredAsThePageSays() throws Exception {
        try (var kafka = TestKafka.start();
                var node = NodeProcess.start(Spec.of(
                        "n1",
                        kafka.bootstrapServers(),
                        folder.resolve("n1"),
                        "prefix=" + kafka.prefix(),
                        "cluster.settle.ms=0"))) {
            assertThat(node.api().createTopic("demo", 4).isOk()).isTrue();
            for (var log = 0; log < 4; log++) {
                node.api().awaitAvailable(new PChannel("demo", log));
            }
            var two = "{\"records\":[{\"value\":\"\"},{\"value\":\"\"}]}";
            assertThat(node.api()
                            .post("/v1/pchannels/demo-1/records", "application/json", two)
                            .isOk())
                    .isTrue();
            var transcript = new Transcript()
                    .name(node.url(), "http://127.0.0.1:7070")
                    .name(node.grpc(), "127.0.0.1:7071")
                    .name("127.0.0.1:" + URI.create(node.url()).getPort(), "127.0.0.1:7070")
                    .name("http.port=" + URI.create(node.url()).getPort(), "http.port=7070")
                    .name(kafka.bootstrapServers(), "127.0.0.1:9092")
                    .name(kafka.prefix(), "seawall-")
                    .name(folder.toString(), "/folder");

            new WrongCommands(transcript, node.url(), node.grpc(), folder).send();
            new WrongConfigurations(transcript, node.url(), folder).send();
            new WrongRequests(transcript, node.url()).send();
            try (var calls = new WrongCalls(transcript, node.grpc())) {
                calls.send();
            }
            compare(transcript);
            assertThat(node.api()
                            .get("/v1/pchannels/demo-0")
                            .body()
                            .path("tail")
                            .asLong(-1))
                    .as("nothing was appended")
                    .isZero();
        }
    }

    private static void compare(Transcript transcript) throws Exception {
        var page = "What comes back for wrong inputs: an input, and below it the answer.\n"
                + "WrongInputsIT compares this file; with -D" + REWRITE + "=true it writes it again.\n" + transcript;
        if (Boolean.getBoolean(REWRITE)) {
            Files.writeString(PAGE, page);
        }

        assertThat(transcript.inputs()).isGreaterThanOrEqualTo(FEWEST);
        assertThat(page).doesNotContainPattern(CLASS_NAME);
        assertThat(page).doesNotContainPattern(TEMPLATE);
        assertThat(page).doesNotContainPattern(BARE_NULL);
        assertThat(page).isEqualTo(Files.readString(PAGE));
    }
}
