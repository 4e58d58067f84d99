package io.seawall.cli.append;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.command.Json;
import io.seawall.wal.Effect;

/**
 * What has been acknowledged so far.
 *
 * @param records how many records
 * @param bytes their size in bytes before encoding
 * @param term the term of the latest acknowledgement, -1 before the first
 * @param first the first record's LSN, -1 before the first
 * @param last the latest record's LSN, -1 before the first; records of other writers may lie between
 */
record AppendTotals(long records, long bytes, long term, long first, long last) {
    static final AppendTotals NOTHING = new AppendTotals(0, 0, -1, -1, -1);

    /**
     * Adds a batch that the node acknowledged.
     *
     * @throws NodeFailure if the acknowledgement does not match the batch
     */
    AppendTotals plus(AppendBatch batch, JsonNode acknowledgement) {
        var from = acknowledgement.path("first").asLong(-1);
        var to = acknowledgement.path("last").asLong(-1);
        if (from <= last || to - from + 1 != batch.records()) {
            throw new NodeFailure(
                    "BAD_ANSWER",
                    Effect.UNKNOWN,
                    "expected an acknowledgement of " + batch.records() + " records above LSN " + last + ", found "
                            + Json.line(acknowledgement));
        }
        return new AppendTotals(
                records + batch.records(),
                bytes + batch.bytes(),
                acknowledgement.path("term").asLong(-1),
                first < 0 ? from : first,
                to);
    }

    /** Returns the totals as a clause without a full stop. */
    String text(String unit) {
        var count = records + " " + unit + (records == 1 ? "" : "s") + " acknowledged";
        if (records == 0) {
            return count;
        }
        return count + ", " + (first == last ? "LSN " + first : "LSN " + first + " to " + last) + ", term " + term;
    }

    /** Returns the totals for programs; term and LSNs are null if nothing was acknowledged. */
    ObjectNode json() {
        var object = Json.object().put("records", records).put("bytes", bytes);
        if (records == 0) {
            return object.putNull("term").putNull("first").putNull("last");
        }
        return object.put("term", term).put("first", first).put("last", last);
    }
}
