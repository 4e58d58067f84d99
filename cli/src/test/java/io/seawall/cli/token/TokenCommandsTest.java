package io.seawall.cli.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.cli.Cli;
import io.seawall.cli.Seawall;
import io.seawall.cli.command.ExitCode;
import io.seawall.cli.command.SelfCommand;
import io.seawall.node.access.AccessFile;
import io.seawall.node.access.AccessList;
import io.seawall.node.access.Presented;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code seawall token}. */
@Timeout(120)
class TokenCommandsTest {
    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("access.jsonl");
    }

    private Cli.Outcome token(String... args) {
        var all = new ArrayList<>(List.of("token"));
        all.addAll(List.of(args));
        all.addAll(List.of("--file", file.toString()));
        return Cli.run(all.toArray(String[]::new));
    }

    private AccessList list() throws IOException {
        return AccessFile.parse("f", Files.readAllBytes(file));
    }

    private AccessList.Found find(String token) throws IOException {
        return list().find(Presented.of(List.of("Bearer " + token), Optional.empty()), Instant.now());
    }

    @Test
    void createPrintsATokenThatTheFileKnowsAndDoesNotShow() throws IOException {
        var outcome = token("create", "shop", "--right", "append:orders-*", "--right", "read:stock");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        var token = outcome.out().strip();
        assertThat(token).matches("seawall_[A-Za-z0-9_-]{43}");
        var entry = Objects.requireNonNull(find(token).entry());
        assertThat(entry.name()).isEqualTo("shop");
        assertThat(entry.rightsText()).isEqualTo("[append:orders-*, read:stock]");
        assertThat(entry.expires()).isEmpty();
        assertThat(Files.readString(file)).doesNotContain(token);
    }

    @Test
    void theFileIsForItsOwnerAlone() throws IOException {
        token("create", "a", "--right", "read:*");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        token("create", "b", "--right", "read:*");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .as("no leftovers")
                    .containsExactlyInAnyOrder("access.jsonl", "access.jsonl.lock");
        }
    }

    @Test
    void aTokenMayExpire() throws IOException {
        var before = Instant.now();
        var outcome = token("create", "guest", "--right", "read:*", "--expires-in", "2h", "--json");

        assertThat(outcome.out()).contains("\"token\":\"seawall_", "\"expires\":\"");
        assertThat(list().entries().get(0).expires().orElseThrow())
                .isBetween(before.plus(Duration.ofMinutes(119)), before.plus(Duration.ofMinutes(121)));
    }

    @Test
    void revokeTakesATokenOut() throws IOException {
        var shop = token("create", "shop", "--right", "append:*").out().strip();
        var other = token("create", "other", "--right", "append:*").out().strip();

        var outcome = token("revoke", "shop");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).isEqualTo("revoked shop\n");
        assertThat(find(shop).entry()).isNull();
        assertThat(find(other).entry()).isNotNull();
    }

    @Test
    void lsShowsCallersAndNoHashes() {
        token("create", "shop", "--right", "read:stock", "--right", "append:orders-*");

        assertThat(token("ls").out()).isEqualTo("""
                        NAME  BY     RIGHTS                      EXPIRES  STATE
                        shop  token  append:orders-* read:stock  never    valid
                        """);
        assertThat(token("ls", "--json").out())
                .isEqualTo("{\"name\":\"shop\",\"by\":\"token\",\"rights\":\"append:orders-* read:stock\","
                        + "\"expires\":\"never\",\"state\":\"valid\"}\n");
    }

    @Test
    void wrongInputNamesTheFix() throws IOException {
        assertThat(token("create", "shop", "--right", "write:*").err())
                .contains("--right 'write:*': expected append, read, trim or admin");
        assertThat(token("create", "shop").err()).contains("--right");
        assertThat(token("create", "sh op", "--right", "read:*").err()).contains("found name 'sh op'");
        assertThat(Files.exists(file)).isFalse();
        token("create", "shop", "--right", "read:*");
        assertThat(token("create", "shop", "--right", "read:*").err())
                .contains("found an entry of that name", "revoke that one first");
        assertThat(token("revoke", "other").err()).contains("found no entry of that name", "token ls");
        assertThat(token("revoke", "other").code()).isEqualTo(ExitCode.FAILED);
        Files.writeString(file, "nonsense\n");
        assertThat(token("create", "b", "--right", "read:*").err()).contains("line 1 of", "malformed JSON");
        assertThat(token("ls").err()).contains("line 1 of");
        assertThat(Files.readString(file)).isEqualTo("nonsense\n");
    }

    @Test
    void aFolderThatIsNotThereIsAnError() {
        file = folder.resolve("none").resolve("access.jsonl");

        assertThat(token("create", "a", "--right", "read:*").err())
                .contains("cannot write", "its folder has to be there");
    }

    @Test
    void commandsAtTheSameTimeLoseNothing() throws Exception {
        var processes = new ArrayList<Process>();
        for (var at = 0; at < 6; at++) {
            var command = new ArrayList<>(new SelfCommand(Seawall.class).with("-Xmx64m"));
            command.addAll(List.of("token", "create", "caller-" + at, "--right", "read:*", "--file", file.toString()));
            processes.add(new ProcessBuilder(command).redirectErrorStream(true).start());
        }
        var tokens = new ArrayList<String>();
        for (var process : processes) {
            tokens.add(new String(process.getInputStream().readAllBytes(), UTF_8).strip());
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(list().entries()).hasSize(6);
        for (var token : tokens) {
            assertThat(find(token).entry()).as(token).isNotNull();
        }
    }
}
