package io.seawall.walkafka.internal.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.walkafka.internal.format.WriterSession.Written;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlBodyTest {
    private static final ControlBody.Author AUTHOR = new ControlBody.Author("n1", "n1/abc", "http://n1:7070");

    @Test
    void aClaimIsReadBack() {
        var body = ControlBody.read(new ControlBody.Claim(AUTHOR, "nonce", 42, "topic-id").toBytes());

        assertThat(body.number("format", -1)).isEqualTo(1);
        assertThat(body.text("owner")).isEqualTo("n1");
        assertThat(body.text("instance")).isEqualTo("n1/abc");
        assertThat(body.text("nonce")).isEqualTo("nonce");
        assertThat(body.text("url")).isEqualTo("http://n1:7070");
        assertThat(body.number("timeMs", -1)).isEqualTo(42);
        assertThat(body.text("topicId")).isEqualTo("topic-id");
    }

    @Test
    void aNodeWithoutUrlLeavesItOut() {
        var author = new ControlBody.Author("n1", "n1/abc", null);

        assertThat(new String(new ControlBody.Snapshot(author, "nonce", 7).toBytes(List.of()), UTF_8))
                .isEqualTo("{\"format\":1,\"owner\":\"n1\",\"instance\":\"n1/abc\",\"nonce\":\"nonce\",\"oldest\":7}");
    }

    @Test
    void aSnapshotNamesTheStoreAndARestoreThatGoesOn() {
        var bytes = new ControlBody.Snapshot(AUTHOR, "nonce", 7, "s-1", true).toBytes(List.of());

        assertThat(new String(bytes, UTF_8)).endsWith("\"oldest\":7,\"store\":\"s-1\",\"restoring\":1}");
        assertThat(ControlBody.read(bytes).storeId()).isEqualTo("s-1");
        assertThat(ControlBody.read(bytes).isUnfinished()).isTrue();
        var plain = ControlBody.read(new ControlBody.Snapshot(AUTHOR, "nonce", 7).toBytes(List.of()));
        assertThat(plain.storeId()).isNull();
        assertThat(plain.isUnfinished()).isFalse();
    }

    @Test
    void ignoresUnknownMembers() {
        var body = ControlBody.read(
                "{\"writers\":[{\"id\":1}],\"more\":{\"a\":[1,2]},\"flag\":true,\"owner\":\"n2\"}".getBytes(UTF_8));

        assertThat(body.text("owner")).isEqualTo("n2");
        assertThat(body.text("more")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[1]",
                "{\"owner\":",
                "{\"owner\":\"n1\",\"timeMs\":9223372036854775808}",
                "{owner:1}",
                "not json",
                "\"text\""
            })
    void aTextThatIsNoObjectHasNoMembers(String text) {
        assertThat(ControlBody.read(text.getBytes(UTF_8)).text("owner")).isNull();
    }

    @Test
    void anAbsentValueHasNoMembers() {
        assertThat(ControlBody.read(null).number("format", -1)).isEqualTo(-1);
    }

    @Test
    void aSnapshotKeepsItsSessionsAndTheirOrder() throws IOException {
        var sessions = List.of(
                new WriterSession("w-2", 1, 1_700, List.of(new Written(7, 0, 2), new Written(7, 2, 1_000))),
                new WriterSession("w-1", 0, 1_701, List.of(new Written(8, 1_002, 1))));

        var body = new ControlBody.Snapshot(AUTHOR, "nonce", 0).toBytes(sessions);

        assertThat(ControlBody.sessions(body)).isEqualTo(sessions);
        assertThat(new String(body, UTF_8))
                .endsWith("\"writers\":[[\"w-2\",1,1700,7,0,2,7,2,1000],[\"w-1\",0,1701,8,1002,1]]}");
        assertThat(ControlBody.read(body).number("oldest", -1)).isZero();
    }

    @Test
    void aSnapshotWithoutSessionsHasNone() throws IOException {
        assertThat(ControlBody.sessions(new ControlBody.Snapshot(AUTHOR, "nonce", 0).toBytes(List.of())))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{\"writers\":{}}",
                "{\"writers\":[[1,2,3,4,5,6]]}",
                "{\"writers\":[[\"w\",0,1700,7,0]]}",
                "{\"writers\":[[\"w\",0,1700]]}",
                "{\"writers\":[[\"w\",0,1700,7,0,\"1\"]]}",
                "{\"writers\":[[\"w\",0,1700,7,0,1]",
                "{\"writers\":null}",
                "{\"writers\":[[]]}",
                "{\"writers\":[[\"w\",0,1700,7,0,1.5]]}",
                "{\"writers\":[[\"w\",9223372036854775808,1700,7,0,1]]}",
                "{\"writers\":[[\"w\",0,1700,7,0,1],7]}",
                "{\"owner\":{\"writers\":",
                "{\"writers\":[\"w\"]}"
            })
    void refusesSessionsThatCannotBeRead(String text) {
        assertThatThrownBy(() -> ControlBody.sessions(text.getBytes(UTF_8))).isInstanceOf(IOException.class);
    }
}
