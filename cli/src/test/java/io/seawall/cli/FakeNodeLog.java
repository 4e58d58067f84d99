package io.seawall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.FakeNode.Answer;
import io.seawall.cli.FakeNode.Request;
import io.seawall.cli.command.Json;
import io.seawall.wal.WriterSeq;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One log behind a {@link FakeNode}, with knobs for faults. Its state is guarded by its monitor. */
public final class FakeNodeLog {
    public static final String RECORDS = "/v1/pchannels/orders-3/records";
    private static final int TERM = 7;

    private final List<ObjectNode> records = new ArrayList<>();
    private int refuseFromBatch = Integer.MAX_VALUE;
    private Answer refusal = FakeNode.problem(500, "INTERNAL", "none", "not set");
    private final Set<Long> lost = new HashSet<>();
    private final Set<Long> turnedAway = new HashSet<>();
    private final List<ObjectNode> written = new ArrayList<>(); // acknowledgements, by number
    private int batches;
    private int repetitions;
    private int mostPerPage = Integer.MAX_VALUE;
    private long tailOfFirstPage = -1;

    /** Makes a node serve the log. */
    public FakeNodeLog on(FakeNode node) {
        node.on("POST " + RECORDS, this::append);
        node.on("GET " + RECORDS, this::page);
        return this;
    }

    /** Answers with {@code answer} from the nth batch on, counted from 1. */
    public synchronized FakeNodeLog refuseFrom(int batch, Answer answer) {
        refuseFromBatch = batch;
        refusal = answer;
        return this;
    }

    public synchronized FakeNodeLog pagesOf(int most) {
        mostPerPage = most;
        return this;
    }

    /** Reports a tail below the real one on the first page, as if the other records were appended later. */
    public synchronized FakeNodeLog tailAtStart(long tail) {
        tailOfFirstPage = tail;
        return this;
    }

    public synchronized FakeNodeLog add(JsonNode record) {
        var stored = Json.object().put("lsn", records.size()).put("term", TERM).put("timestampMs", 1_000);
        stored.set("key", record.path("key").isMissingNode() ? null : record.get("key"));
        stored.set("value", record.get("value"));
        stored.set("headers", record.path("headers").isArray() ? record.get("headers") : Json.MAPPER.createArrayNode());
        records.add(stored);
        return this;
    }

    public FakeNodeLog add(String value) {
        return add(Json.object().put("value", value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Changes the LSN of a stored record. */
    public synchronized FakeNodeLog renumber(int index, long lsn) {
        records.get(index).put("lsn", lsn);
        return this;
    }

    public synchronized List<ObjectNode> records() {
        return List.copyOf(records);
    }

    /** Returns all values, each followed by a newline. */
    public synchronized byte[] lines() {
        var all = new ByteArrayOutputStream();
        try {
            for (var record : records) {
                all.writeBytes(record.get("value").binaryValue());
                all.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a stored value is base64", e);
        }
        return all.toByteArray();
    }

    /** Writes the batches with these numbers, but answers that the outcome is unknown the first time. */
    public synchronized FakeNodeLog losesTheAnswersOf(Long... seqs) {
        lost.addAll(List.of(seqs));
        return this;
    }

    /** Rejects the batches with these numbers the first time, without writing them. */
    public synchronized FakeNodeLog turnsAway(Long... seqs) {
        turnedAway.addAll(List.of(seqs));
        return this;
    }

    private synchronized Answer append(Request request) {
        batches++;
        if (batches >= refuseFromBatch) {
            return refusal;
        }
        return request.idempotencyKey().isEmpty() ? write(request) : writeOnce(request);
    }

    /** Accepts the next number of the only session, repeats the answer for the last ones, and rejects other numbers. */
    private Answer writeOnce(Request request) {
        var seq = WriterSeq.parse(request.idempotencyKey()).seq();
        if (seq < written.size() && seq >= written.size() - WriterSeq.REMEMBERED) {
            repetitions++;
            var first = written.get((int) seq).deepCopy();
            return Answer.json(200, Json.line(first.put("repeated", true)));
        }
        if (seq != written.size()) {
            return FakeNode.problem(409, "SEQUENCE_GAP", "none", "expected seq " + written.size());
        }
        if (turnedAway.remove(seq)) {
            return FakeNode.problem(503, "UNAVAILABLE", "none", "no Kafka");
        }
        var answer = write(request);
        return lost.remove(seq) ? FakeNode.problem(504, "OUTCOME_UNKNOWN", "unknown", "the answer was lost") : answer;
    }

    private Answer write(Request request) {
        var first = records.size();
        request.body().get("records").forEach(this::add);
        var acknowledgement = Json.object()
                .put("term", TERM)
                .put("first", first)
                .put("last", records.size() - 1)
                .put("tail", records.size());
        written.add(acknowledgement);
        return Answer.json(200, Json.line(acknowledgement));
    }

    public synchronized int repetitions() {
        return repetitions;
    }

    private synchronized Answer page(Request request) {
        // Every record of this log has the same timestamp, so a time is either its start or its end.
        var at = request.query().get("at");
        var from = at != null
                ? (Instant.parse(at).toEpochMilli() > 1_000 ? "tail" : "oldest")
                : request.query().getOrDefault("from", "missing");
        var first = from.equals("oldest") ? 0 : from.equals("tail") ? records.size() : Integer.parseInt(from);
        var count = Math.min(Math.min(mostPerPage, request.number("limit")), records.size() - first);
        var page = Json.object();
        page.putArray("records").addAll(records.subList(first, first + (int) count));
        page.put("next", first + count);
        page.put("tail", tailOfFirstPage >= 0 ? tailOfFirstPage : records.size())
                .put("oldest", 0);
        tailOfFirstPage = -1;
        return Answer.json(200, Json.line(page));
    }
}
