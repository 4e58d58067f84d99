package io.seawall.node.http.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameReaderTest {
    private static final HexFormat HEX = HexFormat.of();

    private static List<WalRecord> read(byte[] body) {
        var frames = new FrameReader("append", body);
        var records = new ArrayList<WalRecord>();
        while (frames.hasNext()) {
            records.add(frames.next());
        }
        return records;
    }

    private static byte[] written(List<WalRecord> records) throws IOException {
        var out = new ByteArrayOutputStream();
        var frames = new FrameWriter(out);
        for (var record : records) {
            frames.append(record);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "000000, the end within the length of a frame",
        "00000000, a frame of 0 bytes",
        "ffffffff01, a frame of -1 bytes",
        "7fffffff01, a frame of 2147483647 bytes where 1 are left",
        "0000000201, a frame of 2 bytes where 1 are left",
        "0000000100, a frame of kind 0",
        "0000000102, a frame of kind 2",
        "00000001ff, a frame of kind -1",
        "0000000101, the end within the length of the key",
        "0000000501fffffffe, a key of -2 bytes",
        "000000050100000001, a key of 1 bytes where 0 are left in the frame",
        "0000000501ffffffff, the end within the length of the value",
        "0000000901ffffffff7fffffff, a value of 2147483647 bytes",
        "0000000901ffffffffffffffff, the end within the number of headers",
        "0000000d01ffffffffffffffffffffffff, -1 headers",
        "0000000d01ffffffffffffffff00000001, 1 headers in 0 bytes",
        "0000000d01ffffffffffffffff7fffffff, 2147483647 headers",
        "0000001501ffffffffffffffff00000001ffffffffffffffff, a header without a name",
        "0000001601ffffffffffffffff0000000100000001ffffffffff, name that is not UTF-8",
        "0000000e01ffffffffffffffff0000000000, 1 bytes behind the record"
    })
    void refusesAMalformedFrameAndSaysWhere(String body, String found) {
        assertThatThrownBy(() -> read(HEX.parseHex(body)))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining(found)
                .hasMessageContaining("(record 0)");
    }

    @Test
    void namesTheByteAndTheRecordOfTheFirstBadFrame() {
        var good = "0000000d01ffffffffffffffff00000000";

        assertThatThrownBy(() -> read(HEX.parseHex(good + good + "0000000100")))
                .hasMessageContaining("in the frame at byte 34 (record 2)");
    }

    @Test
    void doesNotReadBeyondTheFrameOfARecord() {
        var first = "0000000901" + "00000005" + "ffffffff"; // its key would reach into the next frame

        assertThatThrownBy(() -> read(HEX.parseHex(first + "0000000d01ffffffffffffffff00000000")))
                .hasMessageContaining("a key of 5 bytes where 4 are left in the frame");
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        var random = new SplittableRandom(7);
        for (var round = 0; round < 200; round++) {
            var records = new ArrayList<WalRecord>();
            for (var count = random.nextInt(1, 5); count > 0; count--) {
                records.add(record(random));
            }

            assertThat(read(written(records))).isEqualTo(records);
        }
    }

    /** No body makes the reader fail in any other way than with an error for the client. */
    @Test
    void aDamagedBodyIsReadOrRefused() throws IOException {
        var random = new SplittableRandom(8);
        for (var round = 0; round < 2_000; round++) {
            var body = written(List.of(record(random), record(random)));
            var damaged = Arrays.copyOf(body, random.nextInt(1, body.length + 1));
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                read(damaged);
            } catch (RequestException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.INVALID);
            }
        }
    }

    private static WalRecord record(SplittableRandom random) {
        var headers = new ArrayList<Header>();
        for (var count = random.nextInt(4); count > 0; count--) {
            headers.add(new Header("h".repeat(random.nextInt(3)), bytes(random)));
        }
        return new WalRecord(bytes(random), bytes(random), headers);
    }

    private static byte @Nullable [] bytes(SplittableRandom random) {
        var bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return random.nextInt(4) == 0 ? null : bytes;
    }
}
