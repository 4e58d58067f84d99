package io.seawall.walkafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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

        assertThat(new String(ControlBody.snapshot(author, "nonce", 7), UTF_8))
                .isEqualTo("{\"format\":1,\"owner\":\"n1\",\"instance\":\"n1/abc\",\"nonce\":\"nonce\",\"oldest\":7}");
    }

    @Test
    void membersOfLaterVersionsArePassedOver() {
        var body = ControlBody.read(
                "{\"writers\":[{\"id\":1}],\"more\":{\"a\":[1,2]},\"flag\":true,\"owner\":\"n2\"}".getBytes(UTF_8));

        assertThat(body.text("owner")).isEqualTo("n2");
        assertThat(body.text("more")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[1]", "{\"owner\":", "not json", "\"text\""})
    void whatIsNoObjectHasNoMembers(String text) {
        assertThat(ControlBody.read(text.getBytes(UTF_8)).text("owner")).isNull();
    }

    @Test
    void anAbsentValueHasNoMembers() {
        assertThat(ControlBody.read(null).number("format", -1)).isEqualTo(-1);
    }
}
