package io.seawall.coordinator.meta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Pin;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.wal.PChannel;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetaCodecTest {
    private static Optional<News> read(String key, @Nullable String value) {
        return MetaCodec.read(key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quota/orders",
                "assignment",
                "assignment/",
                "assignment/orders",
                "assignment/Orders-1",
                "assignment/orders-1/x",
                "coordinator/n1",
                "topic/meta",
                "topic/a/b",
                "node/",
                "node/-x",
                "freeze/some",
                "freeze/node/",
                "freeze/pchannel/orders",
                "status/orders-1",
                "status/orders-1/",
                "status/orders-1/a b",
                "ASSIGNMENT/orders-1",
                ""
            })
    void aKeyOfALaterVersionSaysNothing(String key) {
        assertThat(read(key, "{\"format\":1}")).isEmpty();
        assertThat(read(key, null)).isEmpty();
    }

    @Test
    void aRecordWithoutAKeySaysNothing() {
        assertThat(MetaCodec.read(null, "{\"format\":1}".getBytes(UTF_8))).isEmpty();
    }

    @Test
    void aRecordWithoutAValueRemovesItsKey() {
        assertThat(read("topic/orders", null)).contains(new News.Removed(MetaKey.topic("orders")));
    }

    @Test
    void membersOfALaterVersionAreSkipped() {
        var value =
                "{\"format\":1,\"later\":{\"a\":[1,{\"b\":2}]},\"pchannels\":4,\"big\":123456789012345678901234567890,"
                        + "\"none\":null,\"more\":[\"x\"]}";

        assertThat(read("topic/orders", value)).contains(new News.Written(new Topic("orders", 4)));
    }

    @Test
    void aTermThatACoordinatorNeverGivesOutCountsAsTheHighest() {
        var ofAnother = new Status(
                new PChannel("orders", 1),
                "n1-a",
                3,
                Condition.FAILED,
                "TERM_EXPIRED",
                "",
                Long.MAX_VALUE,
                "outside",
                0,
                Instant.EPOCH);

        var written = new String(MetaCodec.write(ofAnother), UTF_8);

        assertThat(written).contains("\"seenTerm\":9007199254740991");
        assertThat(read("status/orders-1/n1-a", written.replace("9007199254740991", "9223372036854775807")))
                .hasValueSatisfying(news -> assertThat(((Status) ((News.Written) news).value()).highestTerm())
                        .isEqualTo(MetaRecord.MOST_TERM));
    }

    @Test
    void aReasonOfALaterVersionIsNotLostWithItsAssignment() {
        var value = "{\"format\":1,\"phase\":\"owned\",\"term\":3,\"node\":\"n1\",\"incarnation\":\"n1-a\","
                + "\"reason\":\"moonlight\",\"note\":\"it was bright\"}";

        assertThat(read("assignment/orders-1", value)).hasValueSatisfying(news -> {
            var owned = (Owned) ((News.Written) news).value();
            assertThat(owned.note().reason()).isEqualTo(Reason.OTHER);
            assertThat(owned.note().text()).isEqualTo("it was bright");
            assertThat(owned.term()).isEqualTo(3);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topic/orders | no json | no JSON object",
                "topic/orders | [1] | no JSON object",
                "topic/orders | {\"format\":1,\"pchannels\":4 | no JSON object",
                "topic/orders | {\"pchannels\":4} | no number 'format'",
                "topic/orders | {\"format\":2,\"pchannels\":4} | format 2",
                "topic/orders | {\"format\":0,\"pchannels\":4} | format 0",
                "topic/orders | {\"format\":1} | no number 'pchannels'",
                "topic/orders | {\"format\":1,\"pchannels\":\"4\"} | no number 'pchannels'",
                "topic/orders | {\"format\":1,\"pchannels\":-1} | expected 0 to",
                "pin/orders-1 | {\"format\":1} | no text 'node'",
                "pin/orders-1 | {\"format\":1,\"node\":\"a/b\"} | a node id that is none",
                "node/n1 | {\"format\":1,\"incarnation\":\"a/b\",\"beat\":0} | an incarnation that is none",
                "node/n1 | {\"format\":1,\"incarnation\":\"a\",\"beat\":-1} | expected 0 to",
                "assignment/orders-1 | {\"format\":1,\"phase\":\"owned\",\"term\":-1,\"node\":\"n\",\"incarnation\":\"n\"} | expected 0",
                "assignment/orders-1 | {\"format\":1,\"phase\":\"lent\",\"term\":1} | a phase that this version does not know",
                "assignment/orders-1 | {\"format\":1,\"phase\":\"retired\",\"term\":9007199254740992} | expected -1 to",
                "status/orders-1/n | {\"format\":1,\"term\":1,\"condition\":\"asleep\"} | a condition that",
                "status/orders-1/n | {\"format\":1,\"term\":9007199254740992,\"condition\":\"failed\"} | expected 0 to"
            })
    void aValueThatIsNotUnderstoodIsUnreadable(String key, String value, String why) {
        assertThat(read(key, value)).hasValueSatisfying(news -> {
            assertThat(news).isInstanceOf(News.Unreadable.class);
            assertThat(((News.Unreadable) news).why()).contains(why);
        });
    }

    @Test
    void aPinOfAnotherTopicWithADashIsNotMixedUp() {
        assertThat(read("pin/orders-1-2", "{\"format\":1,\"node\":\"n1\"}"))
                .hasValueSatisfying(news -> assertThat(((Pin) ((News.Written) news).value()).pchannel())
                        .hasToString("orders-1-2"));
    }
}
