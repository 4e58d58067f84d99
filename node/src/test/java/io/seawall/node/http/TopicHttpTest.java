package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicHttpTest {
    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void createsKeepsAndGrowsATopic() {
        var created = http.put("/v1/topics/t", "{\"pchannels\":2,\"replicationFactor\":1}");
        var same = http.put("/v1/topics/t", "{\"pchannels\":2,\"replicationFactor\":1}");
        var grown = http.put("/v1/topics/t", "{\"pchannels\":3}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(same.status()).isEqualTo(200);
        assertThat(grown.status()).isEqualTo(200);
        assertThat(grown.json())
                .isEqualTo(HttpFixture.json(
                        "{\"topic\":\"t\",\"pchannels\":3,\"replicationFactor\":1,\"compression\":\"none\"}"));
    }

    @Test
    void anEmptyBodyTakesTheDefaults() {
        var answer = http.put("/v1/topics/t", "");

        assertThat(answer.json().path("pchannels").asInt()).isEqualTo(4);
    }

    @Test
    void otherSettingsOfAKnownTopicConflict() {
        http.put("/v1/topics/t", "{\"pchannels\":4}");

        var answer = http.put("/v1/topics/t", "{\"pchannels\":2}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("found")).contains("4 pchannels");
        assertThat(answer.text("expected")).contains("more pchannels");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "t     | {\"pchannels\":0}              | pchannels '0'      | 1 to 10000",
                "t     | {\"pchannels\":\"4\"}          | pchannels '4'      | a whole number",
                "t     | {\"pchannels\":4,\"pchannels\":4} | twice           | once",
                "t     | {\"pchannels\":1e9}            | pchannels          | whole number",
                "t     | {\"partitions\":4}             | 'partitions'       | pchannels",
                "t     | {\"compression\":\"rar\"}      | 'rar'              | zstd",
                "t     | {\"pchannels\":99999999999999999999} | 64 bits      | 64 bits",
                "t     | {\"pchannels\":4               | malformed JSON at line 1, column | RFC 8259",
                "t     | []                             | not a JSON object     | pchannels",
                "Orders| {}                             | 'Orders'           | 1 to 100 of a-z",
                "meta  | {}                             | 'meta'             | another name",
            })
    void refusesAWrongTopic(String name, String body, String found, String expected) {
        var answer = http.put("/v1/topics/" + name, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("INVALID");
        assertThat(answer.text("found")).contains(found);
        assertThat(answer.text("expected")).contains(expected);
    }

    @Test
    void deletesWhatIsConfirmed() {
        var refused = http.send(http.request("/v1/topics/orders?confirm=order").DELETE());
        var deleted = http.send(http.request("/v1/topics/orders?confirm=orders").DELETE());
        var again = http.send(http.request("/v1/topics/orders?confirm=orders").DELETE());

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("expected")).contains("confirm=orders");
        assertThat(deleted.json()).isEqualTo(HttpFixture.json("{\"deleted\":\"orders\"}"));
        assertThat(again.status()).isEqualTo(404);
    }

    @Test
    void deletesSegmentsWithTheTopicIfToldTo() {
        var others = PChannel.parse("other-0");
        http.node.withSegments.addAll(List.of(PChannel.parse("orders-0"), PChannel.parse("orders-7"), others));

        var unclear = http.send(
                http.request("/v1/topics/orders?confirm=orders&segments=yes").DELETE());
        var deleted = http.send(
                http.request("/v1/topics/orders?confirm=orders&segments=true").DELETE());

        assertThat(unclear.status()).isEqualTo(400);
        assertThat(deleted.json()).isEqualTo(HttpFixture.json("{\"deleted\":\"orders\",\"segments\":6}"));
        assertThat(http.node.withSegments).containsExactly(others);
    }

    @Test
    void segmentsThatWereLeftAreDeletedByTheSameRequestAgain() {
        http.node.withSegments.add(PChannel.parse("orders-0"));
        http.node.storeAnswers = false;
        var failed = http.send(
                http.request("/v1/topics/orders?confirm=orders&segments=true").DELETE());
        http.node.storeAnswers = true;

        var again = http.send(
                http.request("/v1/topics/orders?confirm=orders&segments=true").DELETE());
        var nothingLeft = http.send(
                http.request("/v1/topics/orders?confirm=orders&segments=true").DELETE());

        assertThat(failed.status()).isEqualTo(503);
        assertThat(failed.text("effect")).isEqualTo("applied");
        assertThat(failed.text("detail")).contains("the topic is deleted");
        assertThat(again.json()).isEqualTo(HttpFixture.json("{\"deleted\":\"orders\",\"segments\":3}"));
        assertThat(nothingLeft.status()).isEqualTo(404);
    }

    @Test
    void listsTopics() {
        assertThat(http.get("/v1/topics").json().at("/topics/0/topic").asText()).isEqualTo("orders");
    }
}
