package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRecord;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PChannelHttpTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final String ASSIGNMENT = "/v1/pchannels/orders-0/assignment";

    private final HttpFixture http = new HttpFixture();

    @AfterEach
    void close() {
        http.close();
    }

    private HttpFixture.Answer post(String path) {
        return http.send(http.request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void showsAPchannel() {
        http.node.logs.log(ORDERS).append(new byte[1]).join();

        assertThat(http.get("/v1/pchannels/orders-0").json()).isEqualTo(HttpFixture.json("""
                        {"pchannel":"orders-0","term":7,"epoch":0,"state":"available","owner":"n1","url":"http://n1:7070",
                         "oldest":0,"tail":1,"flushed":0,"lag":1,"phase":null,"why":null,"cause":null,"since":"1970-01-01T00:00:00Z",
                         "expected":null,"current":null,"termsSeen":null,"lastFailure":null,"flush":null,"transaction":null,
                         "timestampsAheadMs":null}
                        """));
    }

    @Test
    void showsWhatIsOutOfTheOrdinary() {
        http.node.oddities =
                new PChannelStatus.Oddities(new PChannelStatus.Transaction("etl", 9, 30, Instant.EPOCH), 259_200_000L);

        var json = http.get("/v1/pchannels/orders-0").json();

        assertThat(json.get("transaction")).isEqualTo(HttpFixture.json("""
                        {"transactionalId":"etl","producerId":9,"offset":30,"since":"1970-01-01T00:00:00Z"}
                        """));
        assertThat(json.get("timestampsAheadMs").asLong()).isEqualTo(259_200_000L);
    }

    @Test
    void showsWhatTheNodeWasToldAndWhatFailedLast() {
        http.node.assigned.put(
                ORDERS,
                new PChannelStatus.Assigned(
                        new PChannelStatus.Target(8, true),
                        new PChannelStatus.Target(7, false),
                        3,
                        new PChannelStatus.Failure(7, Instant.EPOCH.plusSeconds(5), "FENCED", "cannot write")));

        var json = http.get("/v1/pchannels/orders-0").json();

        assertThat(json.get("expected")).isEqualTo(HttpFixture.json("{\"term\":8,\"available\":true}"));
        assertThat(json.get("current")).isEqualTo(HttpFixture.json("{\"term\":7,\"available\":false}"));
        assertThat(json.get("termsSeen").asInt()).isEqualTo(3);
        assertThat(json.get("lastFailure"))
                .isEqualTo(HttpFixture.json(
                        "{\"term\":7,\"at\":\"1970-01-01T00:00:05Z\",\"code\":\"FENCED\",\"error\":\"cannot write\"}"));
    }

    @Test
    void whatIsNotKnownIsNull() {
        http.node.owners.put(ORDERS, PChannelStatus.Ownership.NONE);

        var json = http.get("/v1/pchannels/orders-0").json();

        assertThat(json.path("term").isNull()).isTrue();
        assertThat(json.path("owner").isNull()).isTrue();
    }

    @Test
    void listsPchannels() {
        assertThat(http.get("/v1/pchannels").json().path("pchannels")).hasSize(2);
    }

    @Test
    void listsTheLogsOfThisNodeAlone() {
        http.node.owners.put(new PChannel("orders", 1), new PChannelStatus.Ownership(7, 0, "n2", "http://n2:7070"));

        var local = http.get("/v1/pchannels?scope=node").json().path("pchannels");

        assertThat(local).hasSize(1);
        assertThat(local.path(0).path("pchannel").asText()).isEqualTo("orders-0");
        assertThat(http.get("/v1/pchannels?scope=cluster").json().path("pchannels"))
                .hasSize(2);
        assertThat(http.get("/v1/pchannels?scope=all").status()).isEqualTo(400);
    }

    @Test
    void aConfirmedTailIsAnsweredOnceItIsConfirmed() {
        var log = http.node.logs.log(ORDERS);
        log.append(new byte[1]).join();
        log.acknowledge = new CompletableFuture<>();
        var answer = CompletableFuture.supplyAsync(() -> http.get("/v1/pchannels/orders-0?confirm=true"));
        assertThat(answer).isNotDone();

        log.acknowledge.complete(null);

        assertThat(answer.join().json().get("tail").asInt()).isEqualTo(1);
        assertThat(http.get("/v1/pchannels/orders-0?confirm=maybe").status()).isEqualTo(400);
    }

    @Test
    void onlyTheOwnerConfirmsAndTrims() {
        http.node.owners.put(ORDERS, new PChannelStatus.Ownership(8, 0, "n2", "http://n2:7070"));

        var confirmed = http.get("/v1/pchannels/orders-0?confirm=true");
        var trimmed = trim("{\"before\":0}");

        assertThat(confirmed.status()).isEqualTo(307);
        assertThat(confirmed.raw().headers().firstValue("Location").orElse(""))
                .isEqualTo("http://n2:7070/v1/pchannels/orders-0?confirm=true");
        assertThat(trimmed.status()).isEqualTo(307);
        assertThat(trimmed.raw().headers().firstValue("Location").orElse(""))
                .isEqualTo("http://n2:7070/v1/pchannels/orders-0/trim");
    }

    @Test
    void trims() {
        http.node
                .logs
                .log(ORDERS)
                .append(List.of(WalRecord.of(new byte[1]), WalRecord.of(new byte[1])))
                .join();

        assertThat(trim("{\"before\":1}").json()).isEqualTo(HttpFixture.json("{\"oldest\":1}"));
        assertThat(trim("{\"before\":3}").status()).isEqualTo(416);
        assertThat(trim("{\"before\":-1}").status()).isEqualTo(400);
        assertThat(trim("{}").status()).isEqualTo(400);
        assertThat(http.get("/v1/pchannels/orders-0").json().get("oldest").asInt())
                .isEqualTo(1);
    }

    private HttpFixture.Answer trim(String body) {
        return http.postJson("/v1/pchannels/orders-0/trim", body);
    }

    @Test
    void anAssignmentThatConvergesIsOk() {
        var answer = http.put(ASSIGNMENT, "{\"term\":8,\"available\":true}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("term")).isEqualTo("8");
    }

    @ParameterizedTest
    @CsvSource({"0", "20"})
    void anAssignmentThatHasNotConvergedIsAcceptedAndGoesOn(int waitMs) {
        var working = new CompletableFuture<Void>();
        http.node.assigning = working;

        var answer = http.put(ASSIGNMENT + "?waitMs=" + waitMs, "{\"term\":8,\"available\":true}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(working).isNotDone();
    }

    @Test
    void aTermThatIsNotAboveIsIgnored() {
        var answer = http.put(ASSIGNMENT, "{\"term\":7,\"available\":true}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("code")).isEqualTo("IGNORED");
        assertThat(answer.text("found")).isEqualTo("term 7");
        assertThat(answer.text("expected")).isEqualTo("a term above 7");
    }

    @Test
    void aFailedOpeningIsTheAnswer() {
        http.node.assigning = CompletableFuture.failedFuture(Problem.of(ErrorCode.TERM_EXPIRED, "open orders-0")
                .found("term 9")
                .exception());

        var answer = http.put(ASSIGNMENT, "{\"term\":8,\"available\":true}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("code")).isEqualTo("TERM_EXPIRED");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"available\":true}                  | no member term",
                "{\"term\":8}                          | no member available",
                "{\"term\":-1,\"available\":true}      | term '-1'",
                "{\"term\":8,\"available\":1}          | available '1'",
                "{\"term\":8,\"available\":true,\"x\":1} | 'x'",
                "{\"term\":8.5,\"available\":true}     | a number that is not whole as term",
                "{\"term\":null,\"available\":true}    | null as term",
            })
    void refusesAWrongAssignment(String body, String found) {
        var answer = http.put(ASSIGNMENT, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("code")).isEqualTo("INVALID");
        assertThat(answer.text("found")).contains(found);
    }

    @Test
    void pausesAndResumesFlushing() {
        assertThat(post("/v1/pchannels/orders-0/flush/pause").json()).isEqualTo(HttpFixture.json("{\"paused\":true}"));
        assertThat(http.get("/v1/pchannels/orders-0").json().get("flush")).isEqualTo(HttpFixture.json("""
                        {"state":"waiting","paused":true,"waitsFor":null,"failures":0,"error":null,"trimError":null}
                        """));

        assertThat(post("/v1/pchannels/orders-0/flush/resume").json())
                .isEqualTo(HttpFixture.json("{\"paused\":false}"));

        assertThat(http.node.paused).isEmpty();
    }

    @Test
    void pausingWhatAnotherOwnsIsRedirected() {
        http.node.owners.put(ORDERS, new PChannelStatus.Ownership(8, 0, "n2", "http://n2:7070"));

        assertThat(post("/v1/pchannels/orders-0/flush/pause").status()).isEqualTo(307);
    }

    @Test
    void flushesWhatItOwns() {
        http.node.logs.log(ORDERS).append(new byte[1]).join();

        assertThat(post("/v1/pchannels/orders-0/flush").json()).isEqualTo(HttpFixture.json("{\"flushed\":1}"));
    }

    @Test
    void sendsAFlushToTheOwner() {
        http.node.owners.put(ORDERS, new PChannelStatus.Ownership(8, 0, "n2", "http://n2:7070"));

        var answer = post("/v1/pchannels/orders-0/flush");

        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.raw().headers().firstValue("Location"))
                .hasValue("http://n2:7070/v1/pchannels/orders-0/flush");
    }

    @Test
    void listsAndVerifiesSegments() {
        http.node.logs.log(ORDERS).append(new byte[1]).join();

        assertThat(http.get("/v1/pchannels/orders-0/segments?from=0&limit=1").json())
                .isEqualTo(
                        HttpFixture.json(
                                "{\"segments\":[{\"name\":\"orders/0.avro\",\"kind\":\"records\",\"first\":0,\"last\":0,\"records\":1,\"bytes\":100,"
                                        + "\"terms\":{\"min\":7,\"max\":7},\"timestampsMs\":{\"min\":1000,\"max\":2000},\"logId\":\"log-id\"}]}"));
        assertThat(post("/v1/pchannels/orders-0/segments/verify").json())
                .isEqualTo(
                        HttpFixture.json(
                                "{\"ok\":false,\"segments\":1,\"records\":1,\"next\":1,\"gaps\":[{\"first\":0,\"last\":4}],\"errors\":[\"segment 3 is gone\"]}"));
    }
}
