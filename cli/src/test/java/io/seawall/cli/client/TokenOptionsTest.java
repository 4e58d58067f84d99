package io.seawall.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.cli.Cli;
import io.seawall.cli.FakeNode;
import io.seawall.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The token that commands send. */
@Timeout(60)
class TokenOptionsTest {
    private static final String LIST = "GET /v1/topics";

    @TempDir
    private Path folder;

    private final FakeNode node = new FakeNode().on(LIST, 200, "{\"topics\":[]}");

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path token;

    @BeforeEach
    void write() throws IOException {
        token = Files.writeString(folder.resolve("token"), "seawall_secret\n");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static Cli.Outcome topics(String url, String... more) {
        var args = new String[4 + more.length];
        System.arraycopy(new String[] {"topics", "list", "--url", url}, 0, args, 0, 4);
        System.arraycopy(more, 0, args, 4, more.length);
        return Cli.run(args);
    }

    @Test
    void theTokenOfTheFileIsSent() {
        var outcome = topics(node.url(), "--token-file", token.toString());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(node.authorizations()).containsExactly("Bearer seawall_secret");
    }

    @Test
    void withoutAFileNoneIsSent() {
        assertThat(topics(node.url()).code()).isZero();
        assertThat(node.authorizations()).containsExactly("none");
    }

    @Test
    void itIsNotSentInPlainTextToAnotherMachine() {
        var outcome = topics("http://node.invalid:7070", "--token-file", token.toString());

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.err())
                .contains("PLAIN_TEXT", "not sent in plain text to http://node.invalid:7070", "--token-in-plain-text")
                .doesNotContain("seawall_secret");
    }

    @Test
    void aRedirectToAnotherMachineInPlainTextIsNotFollowed() {
        node.on(LIST, request -> new FakeNode.Answer(307, "application/json", "", "http://node.invalid:1/v1/topics"));

        var outcome = topics(node.url(), "--token-file", token.toString());

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.err()).contains("PLAIN_TEXT", "http://node.invalid:1");
    }

    @Test
    void aRedirectOnThisMachineGetsTheToken() {
        try (var owner = new FakeNode().on(LIST, 200, "{\"topics\":[]}")) {
            node.on(LIST, request -> new FakeNode.Answer(307, "application/json", "", owner.url() + "/v1/topics"));

            assertThat(topics(node.url(), "--token-file", token.toString()).code())
                    .isZero();
            assertThat(owner.authorizations()).containsExactly("Bearer seawall_secret");
        }
    }

    @Test
    void aFileWithoutATokenIsAnError() throws IOException {
        var empty = Files.writeString(folder.resolve("empty"), "\n");

        assertThat(topics(node.url(), "--token-file", empty.toString()).err())
                .contains("cannot use the token in", "found an empty file");
        assertThat(topics(node.url(), "--token-file", folder.resolve("none").toString())
                        .err())
                .contains("found no such file");
        assertThat(node.requests()).isEmpty();
    }
}
