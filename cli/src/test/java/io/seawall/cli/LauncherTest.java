package io.seawall.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the script {@code seawall}, in an installation without jars and with a Java that only prints how it was called. */
@Timeout(60)
class LauncherTest {
    private static final Path SCRIPT = Path.of("..", "seawall");

    @TempDir
    private Path folder;

    @BeforeEach
    void makeAJava() throws IOException {
        var java = Files.createDirectories(folder.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"charmap: $(locale charmap 2>/dev/null)\"\necho \"arguments: $*\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
    }

    private record Outcome(int code, String out, String err) {}

    private Outcome run(Path installation, Map<String, String> environment) throws IOException, InterruptedException {
        return run(installation, environment, "status");
    }

    private Outcome run(Path installation, Map<String, String> environment, String command)
            throws IOException, InterruptedException {
        var script = Files.createDirectories(installation.resolve("bin")).resolve("seawall");
        Files.createDirectories(installation.resolve("libs"));
        Files.copy(SCRIPT, script);
        var out = folder.resolve("out");
        var err = folder.resolve("err");
        var builder = new ProcessBuilder(List.of("sh", script.toString(), command))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("JAVA_HOME", folder.resolve("java").toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            return new Outcome(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LC_ALL, xx_XX.UTF-8",
        "LANG, xx_XX.UTF-8",
        "LC_CTYPE, xx_XX.utf8",
        "LC_ALL, C",
        "LANG, POSIX",
        "LC_ALL, C.UTF-8",
        "NONE, x",
    })
    void javaRunsInALocaleThatIsInstalledAndHasEveryLetter(String name, String value) throws Exception {
        var outcome = run(folder.resolve("here"), Map.of(name, value));

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("charmap: UTF-8");
    }

    @Test
    void aPathWithAColonIsRefusedAsJavaWouldTakeItForTwo() throws Exception {
        var outcome = run(folder.resolve("a:b"), Map.of());

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("seawall: ")
                .contains(folder.resolve("a:b").toRealPath().toString(), "':'", "move it");
    }

    @Test
    void aPathWithOtherOddLettersIsTaken() throws Exception {
        var outcome = run(folder.resolve("a b'\"$*?[\u00fc;"), Map.of());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("a b'\"$*?[\u00fc;/libs/* io.seawall.cli.Seawall status");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "append", "--help"})
    void shortCommandsUseTheArchiveOfThisJavaAndHideWhatJavaSaysOfIt(String command) throws Exception {
        // Given
        Files.writeString(Files.createDirectories(folder.resolve("a home")).resolve("classes-17.0.1.jsa"), "");

        // When
        var outcome = run(folder.resolve("a home"), Map.of(), command);

        // Then
        var archive = folder.toRealPath().resolve("a home/classes-17.0.1.jsa");
        assertThat(outcome.out()).contains("-Xlog:cds*=off:stderr", "-XX:SharedArchiveFile=" + archive + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "dev", "bench"})
    void servicesStartWithoutTheArchive(String command) throws Exception {
        // Given
        Files.writeString(Files.createDirectories(folder.resolve("home")).resolve("classes-17.0.1.jsa"), "");

        // When
        var outcome = run(folder.resolve("home"), Map.of(), command);

        // Then
        assertThat(outcome.out())
                .contains("io.seawall.cli.Seawall " + command)
                .doesNotContain("SharedArchiveFile", "TieredStopAtLevel", "SerialGC");
    }

    @Test
    void theArchiveOfAnotherJavaIsNotUsed() throws Exception {
        // Given
        Files.writeString(Files.createDirectories(folder.resolve("home")).resolve("classes-25.jsa"), "");

        // When
        var outcome = run(folder.resolve("home"), Map.of());

        // Then
        assertThat(outcome.out()).contains("io.seawall.cli.Seawall status").doesNotContain("SharedArchiveFile");
    }

    @Test
    void preparingSaysSoIfJavaMadeNoArchiveAndLeavesNothingBehind() throws Exception {
        var outcome = run(folder.resolve("home"), Map.of(), "prepare");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("made no archive of classes", "commands work without it");
        try (var files = Files.list(folder.resolve("home"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("bin", "libs");
        }
    }

    @Test
    void preparingMakesTheArchiveUnderItsNameAtOnce() throws Exception {
        // Given a Java that writes what it is asked to write
        Files.writeString(folder.resolve("java/bin/java"), """
                #!/bin/sh
                for word; do
                    case $word in -XX:SharedArchiveFile=*) echo classes >"${word#*=}" ;; esac
                done
                """);

        // When
        var outcome = run(folder.resolve("home"), Map.of(), "prepare");

        // Then
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(folder.resolve("home/classes-17.0.1.jsa")).hasContent("classes");
    }
}
