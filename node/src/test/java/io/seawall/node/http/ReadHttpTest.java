package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRecord;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadHttpTest {
    private static final String RECORDS = "/v1/pchannels/orders-0/records";
    private static final PChannel ORDERS = new PChannel("orders", 0);

    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private FakeNodeLogs.FakeLog log() {
        return http.node.logs.log(ORDERS);
    }

    private void fill(int records) {
        var batch = IntStream.range(0, records)
                .mapToObj(at -> WalRecord.of(("v" + at).getBytes(StandardCharsets.UTF_8)))
                .toList();
        log().append(batch).join();
    }

    private HttpFixture.Answer getAs(String accept, String path) {
        return http.send(http.request(path).header("Accept", accept).GET());
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00.999Z, 0",
        "1970-01-01T00:00:01Z, 0",
        "1970-01-01T02:00:01%2B02:00, 0",
        "1970-01-01T00:00:01.000000001Z, 3",
        "2026-11-23T00:00:00Z, 3"
    })
    void aPageStartsAtAMoment(String at, int first) {
        fill(3); // all at 1 s

        var page = http.get(RECORDS + "?at=" + at).json();

        assertThat(page.get("records")).hasSize(3 - first);
        assertThat(page.get("next").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "at=yesterday, yesterday",
        "at=2026-11-23, 2026-11-23",
        "at=1970-01-01T00:00:01Z&from=0, both from and at"
    })
    void refusesWhatIsNoMoment(String query, String found) {
        var answer = http.get(RECORDS + "?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("detail").asText()).contains(found);
    }

    @Test
    void aPageShowsEverythingOfARecord() {
        log().append(List.of(new WalRecord(
                        null,
                        "v".getBytes(StandardCharsets.UTF_8),
                        List.of(new Header("h", null), new Header("h", new byte[] {1})))))
                .join();

        var answer = http.get(RECORDS + "?from=0");

        assertThat(answer.json()).isEqualTo(HttpFixture.json("""
                        {"records":[{"lsn":0,"term":7,"timestampMs":1000,"key":null,"value":"dg==",
                                     "headers":[{"key":"h","value":null},{"key":"h","value":"AQ=="}]}],
                         "next":1,"tail":1,"oldest":0}
                        """));
    }

    @Test
    void textShowsValuesAsTheyAre() {
        fill(1);

        assertThat(http.get(RECORDS + "?format=text")
                        .json()
                        .at("/records/0/value")
                        .asText())
                .isEqualTo("v0");
    }

    @Test
    void anEmptyLogIsAnEmptyPage() {
        assertThat(http.get(RECORDS).json())
                .isEqualTo(HttpFixture.json("{\"records\":[],\"next\":0,\"tail\":0,\"oldest\":0}"));
    }

    @Test
    void pagesGoOnWithOneReader() {
        // Given
        fill(2_500);

        // When three pages are read, each from the last one's next
        var first = http.get(RECORDS + "?from=oldest&limit=1000");
        var second = http.get(RECORDS + "?limit=1000&from=" + first.text("next"));
        var third = http.get(RECORDS + "?limit=1000&from=" + second.text("next"));

        // Then
        assertThat(third.json().path("records")).hasSize(500);
        assertThat(third.json().at("/records/499/lsn").asLong()).isEqualTo(2_499);
        assertThat(third.text("next")).isEqualTo("2500");
        assertThat(http.node.logs.opened).hasValue(1);
    }

    @Test
    void aPageEndsAtItsBytesAndLosesNothing() {
        fill(10);

        var first = http.get(RECORDS + "?maxBytes=5");
        var second = http.get(RECORDS + "?from=" + first.text("next"));

        assertThat(first.json().path("records")).hasSize(2);
        assertThat(first.text("tail")).isEqualTo("10");
        assertThat(second.json().path("records")).hasSize(8);
        assertThat(second.json().at("/records/0/lsn").asLong()).isEqualTo(2);
    }

    @Test
    void oneRecordAlwaysFits() {
        fill(2);

        assertThat(http.get(RECORDS + "?maxBytes=1").json().path("records")).hasSize(1);
    }

    @Test
    void aLongPollIsAnsweredByTheNextAppend() {
        // Given a read that waits at the tail
        fill(3);
        var request = http.request(RECORDS + "?from=tail&waitMs=30000").GET().build();
        var waiting = http.client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        await().until(() -> http.node.logs.open.get() == 1);

        // When
        fill(1);

        // Then
        var page = HttpFixture.json(waiting.join().body());
        assertThat(page.at("/records/0/lsn").asLong()).isEqualTo(3);
        assertThat(page.path("next").asLong()).isEqualTo(4);
    }

    @Test
    void aWaitWithoutARecordEndsInAnEmptyPage() {
        var answer = http.get(RECORDS + "?from=tail&waitMs=20");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("records")).isEmpty();
    }

    @Test
    void linesAreOneRecordEach() {
        fill(3);

        var answer = getAs("application/x-ndjson", RECORDS + "?limit=2&format=text");

        var lines = answer.raw().body().split("\n", -1);
        assertThat(lines).hasSize(3);
        assertThat(HttpFixture.json(lines[1]).path("value").asText()).isEqualTo("v1");
        assertThat(lines[2]).isEmpty();
    }

    @Test
    void anErrorAmongLinesIsTheLastLine() {
        // Given a log that loses records after the first
        fill(3);
        log().readErrorAt = 1;
        log().readError = Problem.of(ErrorCode.DATA_LOSS, "read orders-0")
                .pchannel(ORDERS)
                .found("LSN 5")
                .expected("LSN 1")
                .exception();

        // When
        var answer = getAs("application/x-ndjson", RECORDS);

        // Then
        var lines = answer.raw().body().split("\n", -1);
        assertThat(HttpFixture.json(lines[0]).path("lsn").asLong()).isZero();
        assertThat(HttpFixture.json(lines[1]).at("/error/code").asText()).isEqualTo("DATA_LOSS");
        assertThat(HttpFixture.json(lines[1]).at("/error/found").asText()).isEqualTo("LSN 5");
        assertThat(http.node.logs.open).hasValue(0);
    }

    @Test
    void anErrorOfAPageHasItsStatus() {
        fill(3);
        log().readErrorAt = 1;
        log().readError = Problem.of(ErrorCode.DATA_LOSS, "read orders-0").exception();

        var answer = http.get(RECORDS);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text("code")).isEqualTo("DATA_LOSS");
        assertThat(http.node.logs.open).hasValue(0);
    }

    @Test
    void anLsnBeyondTheTailNamesOldestAndTail() {
        fill(3);

        var answer = http.get(RECORDS + "?from=4");

        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.text("code")).isEqualTo("BEYOND_TAIL");
        assertThat(answer.text("found")).isEqualTo("LSN 4");
        assertThat(answer.json().path("oldest").asLong()).isZero();
        assertThat(answer.json().path("tail").asLong()).isEqualTo(3);
    }

    @Test
    void aTrimmedLsnNamesOldestAndTail() {
        fill(3);
        log().trim(2).join();

        var answer = http.get(RECORDS + "?from=1");

        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.text("code")).isEqualTo("TRIMMED");
        assertThat(answer.json().path("oldest").asLong()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "from=-1,LSN",
        "from=newest,oldest or tail",
        "from=99999999999999999999,LSN",
        "limit=0,1 to 10000",
        "limit=10001,1 to 10000",
        "limit=x,1 to 10000",
        "maxBytes=16777217,1 to 16777216",
        "waitMs=60001,0 to 60000",
        "view=dirty,committed",
        "format=hex,base64",
        "limt=5,only",
        "limit=5&limit=6,once",
    })
    void refusesAWrongParameter(String query, String expected) {
        var answer = http.get(RECORDS + "?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("INVALID");
        assertThat(answer.text("expected")).contains(expected);
        assertThat(answer.text("found")).contains(query.substring(0, query.indexOf('=')));
    }

    @Test
    void refusesAnUnknownPchannel() {
        var answer = http.get("/v1/pchannels/none-0/records");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("pchannel")).isEqualTo("none-0");
    }

    @Test
    void refusesAFormThatItDoesNotHave() {
        var answer = getAs("application/xml", RECORDS);

        assertThat(answer.status()).isEqualTo(406);
        assertThat(answer.text("expected")).contains("application/x-ndjson");
    }
}
