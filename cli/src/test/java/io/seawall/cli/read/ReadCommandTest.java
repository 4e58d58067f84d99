package io.seawall.cli.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.cli.Cli;
import io.seawall.cli.FakeNode;
import io.seawall.cli.command.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The options. What is read is tested by {@link LogReadingTest}, and on real nodes. */
class ReadCommandTest {
    private final FakeNode node = new FakeNode();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void refusesTwoBeginningsAndWhatIsNoMoment() {
        var both = read("--at", "1970-01-01T00:00:02Z", "--from", "0");
        var noMoment = read("--at", "yesterday");

        assertThat(both.code()).isEqualTo(ExitCode.USAGE);
        assertThat(both.err()).contains("--from and --at");
        assertThat(noMoment.code()).isEqualTo(ExitCode.USAGE);
        assertThat(noMoment.err()).contains("yesterday");
    }

    @Test
    void refusesWrongUsageWithoutARequest() {
        assertThat(read("--from", "yesterday").code()).isEqualTo(2);
        assertThat(read("--from", "-1").code()).isEqualTo(2);
        assertThat(read("--limit", "0").code()).isEqualTo(2);
        assertThat(read("--view", "dead").code()).isEqualTo(2);
        assertThat(read("--format", "xml").err()).contains("'xml' is not one of text, json, base64, auto");
        assertThat(read("--meta", "--json").err()).contains("--meta and --json cannot be combined");
        assertThat(read("--grpc", "http://127.0.0.1:7071").code()).isEqualTo(2);
        assertThat(node.requests()).isEmpty();
    }

    @Test
    void namesANodeWithoutGrpc() {
        node.on("GET /version", 200, "{\"version\":\"1\",\"node\":\"n1\",\"java\":\"17\"}");

        var outcome = read("--until-tail");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("seawall: NO_GRPC: ")
                .contains(node.url(), "grpc.enabled=true", "--grpc")
                .hasLineCount(1);
    }

    private Cli.Outcome read(String... more) {
        var args = new ArrayList<>(List.of("read", "orders-3", "--url", node.url()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }
}
