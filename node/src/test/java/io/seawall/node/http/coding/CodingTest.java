package io.seawall.node.http.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class CodingTest {
    private static final byte[] TEXT = "the same words, the same words, and the same words again".getBytes(UTF_8);

    /** Collects what is unpacked, in pieces of 7 bytes. */
    private static final class Collected implements Unpacked {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private final byte[] piece = new byte[7];

        @Override
        public ByteBuffer room() {
            return ByteBuffer.wrap(piece);
        }

        @Override
        public void taken(int bytes) {
            all.write(piece, 0, bytes);
        }
    }

    private static byte[] unpack(Coding coding, byte[] packed) {
        var out = new Collected();
        // Bytes of an earlier body may be behind this one in the same array.
        coding.unpack("append", Packed.joined(packed, TEXT), packed.length, out);
        return out.all.toByteArray();
    }

    private static void refuses(Coding coding, byte[] packed, String found) {
        assertThatThrownBy(() -> unpack(coding, packed))
                .as("%s", HexFormat.of().formatHex(packed))
                .isInstanceOfSatisfying(WalException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
                    assertThat(error.problem().found())
                            .startsWith(coding.token() + " ")
                            .contains(found);
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void unpacksWhatWasPacked(Coding coding) {
        var noise = new byte[100_000];
        new SplittableRandom(1).nextBytes(noise);

        assertThat(unpack(coding, Packed.in(coding, TEXT))).isEqualTo(TEXT);
        assertThat(unpack(coding, Packed.in(coding, noise))).isEqualTo(noise);
        assertThat(unpack(coding, Packed.in(coding, new byte[0]))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void severalMembersAreOneBody(Coding coding) {
        var one = Packed.in(coding, TEXT);
        var none = Packed.in(coding, new byte[0]);

        assertThat(unpack(coding, Packed.joined(one, none, one))).isEqualTo(Packed.joined(TEXT, TEXT));
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void refusesABodyThatIsCutOffAnywhere(Coding coding) {
        var one = Packed.in(coding, TEXT);
        var two = Packed.joined(one, one);

        for (var length = 0; length < two.length; length++) {
            if (length != one.length) {
                refuses(coding, Arrays.copyOf(two, length), "byte " + length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void refusesOtherBytesBehindTheEnd(Coding coding) {
        var one = Packed.in(coding, TEXT);

        for (var garbage : new byte[][] {{0}, {0, 0, 0, 0}, "garbage".getBytes(UTF_8)}) {
            refuses(coding, Packed.joined(one, garbage), "byte ");
        }
        refuses(coding, Packed.joined(one, TEXT), "byte " + one.length);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void refusesBytesOfAnotherKind(Coding coding) {
        refuses(coding, TEXT, "byte 0");
    }

    /** Some bits mean nothing, such as those between the end of the data and the next byte. */
    @Test
    void aBitThatIsFlippedIsFoundOrChangesNothing() {
        var packed = Packed.in(Coding.GZIP, TEXT);
        var found = 0;

        for (var at = 0; at < packed.length; at++) {
            for (var bit = 0; bit < Byte.SIZE; bit++) {
                var flipped = packed.clone();
                flipped[at] ^= (byte) (1 << bit);
                try {
                    assertThat(unpack(Coding.GZIP, flipped)).isEqualTo(TEXT);
                } catch (WalException e) {
                    found++;
                }
            }
        }
        // Six bytes of the header state a time, a level and a system.
        assertThat(found).isGreaterThanOrEqualTo((packed.length - 6) * Byte.SIZE - Byte.SIZE);
    }

    @Test
    void takesEveryPartThatAGzipHeaderMayHave() {
        var plain = Packed.in(Coding.GZIP, TEXT);
        var header = plain.clone();
        header[3] = 4 + 8 + 16;
        var all = Packed.joined(
                Arrays.copyOf(header, 10), new byte[] {2, 0, 9, 9}, "name\0a comment\0".getBytes(UTF_8), tail(plain));

        assertThat(unpack(Coding.GZIP, all)).isEqualTo(TEXT);
        for (var length = 1; length < all.length; length++) {
            refuses(Coding.GZIP, Arrays.copyOf(all, length), "byte " + length);
        }
    }

    @Test
    void checksTheChecksumOfAGzipHeader() {
        var plain = Packed.in(Coding.GZIP, TEXT);
        plain[3] = 2;

        refuses(Coding.GZIP, Packed.joined(Arrays.copyOf(plain, 10), new byte[] {1, 1}, tail(plain)), "checksum");
    }

    private static byte[] tail(byte[] gzip) {
        return Arrays.copyOfRange(gzip, 10, gzip.length);
    }

    @Test
    void refusesAReservedFlagOfGzip() {
        var packed = Packed.in(Coding.GZIP, TEXT);
        packed[3] = (byte) 0x80;

        refuses(Coding.GZIP, packed, "another version");
    }

    @Test
    void checksTheChecksumOfAZstdFrame() {
        try (var context = new ZstdCompressCtx()) {
            var packed = context.setChecksum(true).compress(TEXT);
            packed[packed.length - 1] ^= 1;

            refuses(Coding.ZSTD, packed, "checksum");
        }
    }

    @Test
    void skipsFramesOfZstdThatSayThatTheyAreToBeSkipped() {
        var skippable = HexFormat.of().parseHex("502a4d1803000000010203");

        assertThat(unpack(Coding.ZSTD, Packed.joined(skippable, Zstd.compress(TEXT), skippable)))
                .isEqualTo(TEXT);
    }

    /** The frame states its window, and a decoder takes the memory before it sees any data. */
    @Test
    void refusesAZstdWindowAboveEightMebibytes() {
        // Magic, no size, then a window of 2^(10 + n) bytes, then an empty last block.
        var eight = HexFormat.of().parseHex("28b52ffd" + "00" + "68" + "010000");
        var sixteen = HexFormat.of().parseHex("28b52ffd" + "00" + "70" + "010000");

        assertThat(unpack(Coding.ZSTD, eight)).isEmpty();
        refuses(Coding.ZSTD, sixteen, "8 MiB");
    }
}
