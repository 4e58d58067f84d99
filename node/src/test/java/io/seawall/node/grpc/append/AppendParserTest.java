package io.seawall.node.grpc.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.Header;
import io.seawall.node.serve.BatchRules;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads what the generated classes write, and refuses what breaks a rule before it takes memory. */
class AppendParserTest {
    private static final int RECORD_MAX_BYTES = 10_000;
    private final AppendParser parser = new AppendParser(new BatchRules(RECORD_MAX_BYTES));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void readsTheSameAsTheGeneratedClasses(int seed) {
        var random = new SplittableRandom(seed);
        for (var run = 0; run < 200; run++) {
            var batch = batch(random);

            var read = (AppendMessage.Batch)
                    read(AppendRequest.newBuilder().setBatch(batch).build());

            assertThat(read.records())
                    .isEqualTo(batch.getRecordsList().stream()
                            .map(AppendParserTest::wal)
                            .toList());
            assertThat(read.ifTail()).isEqualTo(batch.hasIfTail() ? batch.getIfTail() : null);
            assertThat(read.seq()).isEqualTo(batch.hasSeq() ? batch.getSeq() : null);
            assertThat(read.bytes())
                    .isEqualTo(read.records().stream()
                            .mapToLong(WalRecord::sizeBytes)
                            .sum());
        }
    }

    private static AppendBatch batch(SplittableRandom random) {
        var batch = AppendBatch.newBuilder();
        for (var records = random.nextInt(1, 8); records > 0; records--) {
            var record = io.seawall.api.v1.WalRecord.newBuilder();
            if (random.nextBoolean()) {
                record.setKey(bytes(random, 40));
            }
            if (random.nextBoolean()) {
                record.setValue(bytes(random, 6_000));
            }
            for (var headers = random.nextInt(3); headers > 0; headers--) {
                var header = Header.newBuilder().setKey("h\u00e4" + random.nextInt(100));
                if (random.nextBoolean()) {
                    header.setValue(bytes(random, 20));
                }
                record.addHeaders(header);
            }
            batch.addRecords(record);
        }
        if (random.nextBoolean()) {
            batch.setIfTail(random.nextLong());
        }
        if (random.nextBoolean()) {
            batch.setSeq(random.nextLong());
        }
        return batch.build();
    }

    private static ByteString bytes(SplittableRandom random, int most) {
        var bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private static WalRecord wal(io.seawall.api.v1.WalRecord record) {
        return new WalRecord(
                record.hasKey() ? record.getKey().toByteArray() : null,
                record.hasValue() ? record.getValue().toByteArray() : null,
                record.getHeadersList().stream()
                        .map(header -> new io.seawall.wal.Header(
                                header.getKey(),
                                header.hasValue() ? header.getValue().toByteArray() : null))
                        .toList());
    }

    @Test
    void nullAndEmptyAreDifferent() {
        var read = (AppendMessage.Batch) read(request(io.seawall.api.v1.WalRecord.newBuilder()
                .setKey(ByteString.EMPTY)
                .build()));

        assertThat(read.records()).containsExactly(new WalRecord(new byte[0], null, List.of()));
    }

    @Test
    void readsTheNameOfTheLogAndTheSession() {
        var read = read(AppendRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPchannel("orders-3").setWriterId("w"))
                .build());

        assertThat(read).isEqualTo(new AppendMessage.Open("orders-3", "w"));
    }

    @Test
    void skipsFieldsOfALaterVersion() {
        var later = UnknownFieldSet.newBuilder()
                .addField(
                        99,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("new"))
                                .addVarint(7)
                                .addFixed64(8)
                                .addGroup(UnknownFieldSet.newBuilder()
                                        .addField(
                                                1,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addVarint(1)
                                                        .build())
                                        .build())
                                .build())
                .build();
        var record = io.seawall.api.v1.WalRecord.newBuilder()
                .setValue(ByteString.copyFromUtf8("v"))
                .addHeaders(Header.newBuilder().setKey("k").setUnknownFields(later))
                .setUnknownFields(later)
                .build();
        var request = AppendRequest.newBuilder()
                .setBatch(AppendBatch.newBuilder().addRecords(record).setUnknownFields(later))
                .setUnknownFields(later)
                .build();

        assertThat(((AppendMessage.Batch) read(request)).records()).containsExactly(wal(record));
    }

    @Test
    void partsOfOneKindAreMergedAndTheLastKindCounts() throws Exception {
        var one = request(value("1"));
        var two = request(value("2"));
        var open = AppendRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPchannel("orders-3"))
                .build();

        assertThat(((AppendMessage.Batch) read(joined(one, two))).records())
                .isEqualTo(AppendRequest.parseFrom(joined(one, two)).getBatch().getRecordsList().stream()
                        .map(AppendParserTest::wal)
                        .toList());
        assertThat(read(joined(one, open))).isInstanceOf(AppendMessage.Open.class);
        assertThat(((AppendMessage.Batch) read(joined(one, open, two))).records())
                .hasSize(1);
    }

    @Test
    void refusesARecordThatIsTooLargeWithoutReadingItsHeaders() {
        var record = io.seawall.api.v1.WalRecord.newBuilder();
        for (var at = 0; at < 5_000; at++) {
            record.addHeaders(Header.getDefaultInstance());
        }

        var refused = (AppendMessage.Refused) read(request(record.build()));

        assertThat(refused.why().code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(refused.why().problem().numbers()).containsEntry("limit", (long) RECORD_MAX_BYTES);
        assertThat(refused.why()).hasMessageContaining("record 0 of 10010 bytes");
    }

    @Test
    void refusesTooManyRecordsAndNone() {
        var batch = AppendBatch.newBuilder();
        for (var at = 0; at <= BatchRules.MOST_RECORDS; at++) {
            batch.addRecords(value("x"));
        }

        assertThat(why(AppendRequest.newBuilder().setBatch(batch).build()).code())
                .isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(why(AppendRequest.newBuilder()
                                .setBatch(AppendBatch.getDefaultInstance())
                                .build())
                        .code())
                .isEqualTo(ErrorCode.INVALID);
    }

    @Test
    void refusesReservedHeaders() {
        var record = io.seawall.api.v1.WalRecord.newBuilder()
                .addHeaders(Header.newBuilder().setKey("wal-w"))
                .build();

        assertThat(why(request(record))).hasMessageContaining("wal-w");
    }

    private io.seawall.wal.WalException why(AppendRequest request) {
        return ((AppendMessage.Refused) read(request)).why();
    }

    @Test
    void bytesThatAreNoMessageAreBroken() {
        var whole = request(value("a value that is cut")).toByteArray();

        for (var end = 1; end < whole.length; end++) {
            var cut = parser.parse(new ByteArrayInputStream(whole, 0, end));
            assertThat(cut.kind()).as("the first %s bytes", end).isEqualTo(AppendMessage.Kind.BROKEN);
        }
        assertThat(parser.parse(new ByteArrayInputStream(new byte[] {(byte) 0xff, (byte) 0xff, 1}))
                        .kind())
                .isEqualTo(AppendMessage.Kind.BROKEN);
        assertThat(read(AppendRequest.getDefaultInstance()).kind()).isEqualTo(AppendMessage.Kind.BROKEN);
    }

    @Test
    void aNameThatIsNotUtf8IsBroken() throws Exception {
        var out = new ByteArrayOutputStream();
        var header = new byte[] {10, 1, (byte) 0xff};
        var record = nested(3, header);
        var batch = nested(1, record);
        out.write(nested(2, batch));

        assertThat(parser.parse(new ByteArrayInputStream(out.toByteArray())).kind())
                .isEqualTo(AppendMessage.Kind.BROKEN);
    }

    private static byte[] nested(int field, byte[] content) throws Exception {
        var out = new ByteArrayOutputStream();
        var coded = CodedOutputStream.newInstance(out);
        coded.writeByteArray(field, content);
        coded.flush();
        return out.toByteArray();
    }

    @Test
    void randomBytesNeverThrow() {
        var random = new SplittableRandom(7);
        var seen = new ArrayList<AppendMessage.Kind>();
        for (var run = 0; run < 20_000; run++) {
            var bytes = request(value("v" + run)).toByteArray();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            seen.add(parser.parse(new ByteArrayInputStream(bytes)).kind());
        }

        assertThat(seen).contains(AppendMessage.Kind.BATCH, AppendMessage.Kind.BROKEN);
        assertThat((double)
                        seen.stream().filter(AppendMessage.Kind.BROKEN::equals).count())
                .isCloseTo(10_000, within(9_900.0));
    }

    private AppendMessage read(AppendRequest request) {
        return parser.parse(new ByteArrayInputStream(request.toByteArray()));
    }

    private AppendMessage read(byte[] bytes) {
        return parser.parse(new ByteArrayInputStream(bytes));
    }

    private static byte[] joined(AppendRequest... requests) throws Exception {
        var out = new ByteArrayOutputStream();
        for (var request : requests) {
            request.writeTo(out);
        }
        return out.toByteArray();
    }

    private static AppendRequest request(io.seawall.api.v1.WalRecord record) {
        return AppendRequest.newBuilder()
                .setBatch(AppendBatch.newBuilder().addRecords(record))
                .build();
    }

    private static io.seawall.api.v1.WalRecord value(@Nullable String text) {
        return io.seawall.api.v1.WalRecord.newBuilder()
                .setValue(ByteString.copyFrom(String.valueOf(text), StandardCharsets.UTF_8))
                .build();
    }
}
