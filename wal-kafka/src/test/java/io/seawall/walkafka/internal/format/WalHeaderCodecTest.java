package io.seawall.walkafka.internal.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.WriterSeq;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalHeaderCodecTest {
    private static final Stamp STAMP = new Stamp(7, 0);

    static Stream<Map.Entry<String, WalHeader>> forms() {
        return Stream.of(
                Map.entry("7.0/1042", WalHeader.Data.single(STAMP, 1042)),
                Map.entry("7.0/1042+2", WalHeader.Data.member(STAMP, 1042, 2)),
                Map.entry("7.0/1044+0", WalHeader.Data.member(STAMP, 1044, 0)),
                Map.entry("8.0/1042@7", WalHeader.Data.single(STAMP, 1042).copiedBy(new Stamp(8, 0))),
                Map.entry("8.1/1042+2@7", WalHeader.Data.member(STAMP, 1042, 2).copiedBy(new Stamp(8, 1))),
                Map.entry(
                        "999999999999999999.12/100000000000000000+999@10",
                        new WalHeader.Data(
                                new Stamp(999_999_999_999_999_999L, 12),
                                100_000_000_000_000_000L,
                                999,
                                true,
                                10,
                                true)),
                Map.entry(
                        "9223372036854775807.9223372036854775807/9223372036854775807+2147483647@9223372036854775807",
                        new WalHeader.Data(
                                new Stamp(Long.MAX_VALUE, Long.MAX_VALUE),
                                Long.MAX_VALUE,
                                Integer.MAX_VALUE,
                                true,
                                Long.MAX_VALUE,
                                true)),
                Map.entry("8.0/1043 snapshot", new WalHeader.Snapshot(new Stamp(8, 0), 1043)),
                Map.entry("0.0 lease", new WalHeader.Lease(new Stamp(0, 0))),
                Map.entry("8.0 claim", new WalHeader.Claim(new Stamp(8, 0))));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void writesAndReadsEveryForm(Map.Entry<String, WalHeader> form) {
        assertThat(new String(WalHeaderCodec.write(form.getValue()), US_ASCII)).isEqualTo(form.getKey());
        assertThat(WalHeaderCodec.read(form.getKey().getBytes(US_ASCII))).isEqualTo(form.getValue());
    }

    @Test
    void aCopyOfACopyKeepsTheFirstTerm() {
        var twice = WalHeader.Data.single(STAMP, 5).copiedBy(new Stamp(8, 0)).copiedBy(new Stamp(9, 0));

        assertThat(new String(WalHeaderCodec.write(twice), US_ASCII)).isEqualTo("9.0/5@7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "7.",
                "7.0",
                "7.0/",
                "7.0/x",
                "07.0/1",
                "7.00/1",
                "7.0/01",
                "7.0/1+",
                "7.0/1+01",
                "7.0/1@",
                "7.0/1 ",
                " 7.0/1",
                "7.0/1@7+2",
                "-1.0/1",
                "7.0 snapshot",
                "7.0/1 lease",
                "7.0/1 claim",
                "7.0  claim",
                "7.0 claims",
                "7.0/1000000000000000000000",
                "7.0/9223372036854775808",
                "9999999999999999999.0/1",
                "7.0/10000000000000000000",
                "7.0/1+2147483648",
                "7.0/1+99999999999",
                "trace-id-42"
            })
    void bytesOutsideTheGrammarAreForeign(String text) {
        assertThat(WalHeaderCodec.read(text.getBytes(US_ASCII))).isNull();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyReadableHeaderIsWrittenWithTheSameBytes(long seed) {
        var random = new Random(seed);
        var alphabet = "0123456789./+@ claimsnapshotlease\u0000\u00ff".toCharArray();
        for (var round = 0; round < 20_000; round++) {
            var text = new StringBuilder(round % 2 == 0 ? "7.0/1042+2@6" : "7.0/1043 snapshot");
            for (var edits = random.nextInt(4); edits >= 0; edits--) {
                var at = random.nextInt(text.length());
                text.replace(at, at + random.nextInt(2), String.valueOf(alphabet[random.nextInt(alphabet.length)]));
            }
            var bytes = text.toString().getBytes(ISO_8859_1);

            var header = WalHeaderCodec.read(bytes);

            if (header != null) {
                assertThat(WalHeaderCodec.write(header)).isEqualTo(bytes);
            }
        }
    }

    @Test
    void anAbsentValueIsForeign() {
        assertThat(WalHeaderCodec.read(null)).isNull();
    }

    @Test
    void aWriterSessionIsReadBack() {
        var writer = new WriterSeq("loader-7", 42);

        assertThat(WalHeaderCodec.writeWriter(writer)).asString(US_ASCII).isEqualTo("loader-7/42");
        assertThat(WalHeaderCodec.readWriter(WalHeaderCodec.writeWriter(writer)))
                .isEqualTo(writer);
    }

    @Test
    void aBatchWithoutASessionHasNoHeaderForIt() {
        assertThat(WalHeaderCodec.writeWriter(null)).isNull();
        assertThat(WalHeaderCodec.readWriter(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "loader-7", "loader-7/", "loader-7/01", "a b/1"})
    void aWriterHeaderOutsideTheGrammarIsNoSession(String text) {
        assertThat(WalHeaderCodec.readWriter(text.getBytes(US_ASCII))).isNull();
    }
}
