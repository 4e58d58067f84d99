package io.seawall.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.CliRun;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code read} returns the lines of {@code append --lines} byte for byte. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CliLinesIT {
    private static final Path NOTHING = Path.of("/dev/null");
    private static TestKafka kafka;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startKafka() {
        kafka = TestKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private NodeProcess node(String id) {
        return NodeProcess.start(Spec.of(
                id,
                kafka.bootstrapServers(),
                folder.resolve(id),
                "mode=manual",
                "prefix=" + kafka.prefix(),
                "flush.enabled=false"));
    }

    /** Creates random bytes, empty lines, and lines of 75 kB among many short ones. */
    private Path lines() throws IOException {
        var random = new Random(7);
        var text = new ByteArrayOutputStream();
        for (var line = 0; line < 30_000; line++) {
            var length = line % 1_000 == 500 ? 75_000 : random.nextInt(80);
            var bytes = new byte[random.nextInt(4) == 0 ? 0 : length];
            random.nextBytes(bytes);
            for (var b : bytes) {
                text.write(b == '\n' ? 'n' : b);
            }
            text.write('\n');
        }
        return Files.write(folder.resolve("in"), text.toByteArray());
    }

    @Test
    void linesComeBackByteForByteAlsoThroughANodeThatDoesNotOwnTheLog() throws Exception {
        try (var owner = node("owner");
                var other = node("other")) {
            var pchannel = new PChannel("lines", 0);
            assertThat(owner.api().createTopic("lines", 1).isOk()).isTrue();
            assertThat(owner.api().assign(pchannel, 1).status()).isEqualTo(200);
            var in = lines();
            var out = folder.resolve("out");

            var appended = CliRun.run(in, NOTHING, "append", "lines-0", "--lines", "--url", other.url());
            var read = CliRun.run(
                    NOTHING.toAbsolutePath(),
                    out,
                    "read",
                    "lines-0",
                    "--from",
                    "oldest",
                    "--until-tail",
                    "--url",
                    other.url());

            assertThat(appended.exitCode()).as(appended.err()).isZero();
            assertThat(read.exitCode()).as(read.err()).isZero();
            assertThat(Files.mismatch(in, out))
                    .as("the first byte that differs")
                    .isEqualTo(-1);
        }
    }

    @Test
    @Tag("full")
    void aSessionGoesOnAtItsNumberAndRefusesANumberThatWasUsed() throws Exception {
        try (var owner = node("owner")) {
            assertThat(owner.api().createTopic("numbered", 1).isOk()).isTrue();
            assertThat(owner.api().assign(new PChannel("numbered", 0), 1).status())
                    .isEqualTo(200);
            var in = Files.writeString(folder.resolve("few"), "a\nb\n");

            var first = session(in, owner, 0);
            var again = session(in, owner, 0);
            var next = session(in, owner, 1);
            var gap = session(in, owner, 7);

            assertThat(first.exitCode()).as(first.err()).isZero();
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.err())
                    .contains("SESSION_IN_USE", "w/0", "--seq", "0 lines acknowledged; lines 1 to 2 not written");
            assertThat(next.exitCode()).as(next.err()).isZero();
            assertThat(gap.exitCode()).isEqualTo(1);
            assertThat(gap.err()).contains("SEQUENCE_GAP");
            assertThat(owner.api().entries(new PChannel("numbered", 0), "live")).hasSize(4);
        }
    }

    private static CliRun.Result session(Path in, NodeProcess node, int seq) {
        return CliRun.run(
                in,
                NOTHING,
                "append",
                "numbered-0",
                "--lines",
                "--writer",
                "w",
                "--seq",
                "" + seq,
                "--url",
                node.url());
    }

    @Test
    void aLineAboveTheLimitIsNamedAndWhatCameBeforeItsGroupIsThere() throws Exception {
        try (var owner = node("owner")) {
            assertThat(owner.api().createTopic("long", 1).isOk()).isTrue();
            assertThat(owner.api().assign(new PChannel("long", 0), 1).status()).isEqualTo(200);
            var in = Files.writeString(folder.resolve("long"), "x\n".repeat(250) + "y".repeat(2 << 20) + "\n");

            var result = CliRun.run(in, NOTHING, "append", "long-0", "--lines", "--url", owner.url());

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .contains("TOO_LARGE: line 251: ", "250 lines acknowledged, LSN 0 to 249", "line 251 not written");
            assertThat(owner.api().entries(new PChannel("long", 0), "live")).hasSize(250);
        }
    }

    @Test
    void aNodeThatIsNotThereIsNamed() {
        var result = CliRun.run(NOTHING, NOTHING, "append", "lines-0", "x", "--url", "http://127.0.0.1:1");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("http://127.0.0.1:1");
    }
}
