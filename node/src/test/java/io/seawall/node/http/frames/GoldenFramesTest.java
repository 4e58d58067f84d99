package io.seawall.node.http.frames;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.Header;
import io.seawall.wal.LogRecord;
import io.seawall.wal.WalRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that frames are read and written as docs/http-records.md says; the files were written by the Python of that page. */
class GoldenFramesTest {
    private static final Path FOLDER = Path.of("../docs/samples");
    private static final WalRecord FIRST =
            new WalRecord("k".getBytes(UTF_8), null, List.of(new Header("h", "x".getBytes(UTF_8))));
    private static final List<WalRecord> RECORDS = List.of(
            FIRST,
            new WalRecord(null, new byte[0], List.of(new Header("", null), new Header("h\u00e4", new byte[] {
                0, (byte) 255
            }))),
            new WalRecord(new byte[0], allBytes(), List.of()));

    private static byte[] allBytes() {
        var bytes = new byte[256];
        for (var at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) at;
        }
        return bytes;
    }

    private static byte[] file(String name) throws IOException {
        return Files.readAllBytes(FOLDER.resolve(name));
    }

    @Test
    void appendsAreReadAsTheyWereWritten() throws IOException {
        var frames = new FrameReader("append", file("append.records"));
        var records = new ArrayList<WalRecord>();
        while (frames.hasNext()) {
            records.add(frames.next());
        }

        assertThat(records).isEqualTo(RECORDS);
    }

    @Test
    void appendsAreWrittenWithTheSameBytes() throws IOException {
        var out = new ByteArrayOutputStream();
        var frames = new FrameWriter(out);
        for (var record : RECORDS) {
            frames.append(record);
        }

        assertThat(out.toByteArray()).isEqualTo(file("append.records"));
    }

    @Test
    void answersAreWrittenWithTheSameBytes() throws IOException {
        var out = new ByteArrayOutputStream();
        var frames = new FrameWriter(out);
        frames.record(new LogRecord(42, 7, 1_700_000_000_000L, 0, FIRST));
        frames.end(43, 50, 40);

        assertThat(out.toByteArray()).isEqualTo(file("read.records"));
    }

    @Test
    void anErrorIsAFrameOfItsOwn() throws IOException {
        var out = new ByteArrayOutputStream();
        new FrameWriter(out).error("{}".getBytes(UTF_8));

        assertThat(out.toByteArray()).isEqualTo(new byte[] {0, 0, 0, 3, 4, '{', '}'});
    }
}
