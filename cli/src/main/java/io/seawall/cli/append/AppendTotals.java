package io.seawall.cli.append;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.command.Json;
import io.seawall.client.log.Ack;
import io.seawall.wal.Effect;

/**
 * What has been acknowledged so far.
 *
 * @param records how many records
 * @param bytes their size in bytes before encoding
 * @param term the term of the latest acknowledgement, -1 before the first
 * @param first the first record's LSN, -1 before the first
 * @param last the latest record's LSN, -1 before the first; records of other writers may lie between
 * @param repeated how many of the records the log had before, from an earlier attempt of the writer session
 */
record AppendTotals(long records, long bytes, long term, long first, long last, long repeated) {
    static final AppendTotals NOTHING = new AppendTotals(0, 0, -1, -1, -1, 0);

    /** Adds records that the log acknowledged. */
    AppendTotals plus(int moreRecords, long moreBytes, Ack ack) {
        return new AppendTotals(
                records + moreRecords,
                bytes + moreBytes,
                ack.term(),
                first < 0 ? ack.first() : first,
                ack.last(),
                repeated + (ack.repeated() ? moreRecords : 0));
    }

    /**
     * Returns the totals of one record, as a node acknowledged it over HTTP.
     *
     * @throws NodeFailure if the acknowledgement is not one of one record
     */
    static AppendTotals ofOne(long bytes, JsonNode acknowledgement) {
        var lsn = acknowledgement.path("first").asLong(-1);
        if (lsn < 0 || acknowledgement.path("last").asLong(-1) != lsn) {
            throw new NodeFailure(
                    "BAD_ANSWER",
                    Effect.UNKNOWN,
                    "expected an acknowledgement of 1 record, found " + Json.line(acknowledgement));
        }
        return new AppendTotals(
                1,
                bytes,
                acknowledgement.path("term").asLong(-1),
                lsn,
                lsn,
                acknowledgement.path("repeated").asBoolean() ? 1 : 0);
    }

    /** Returns the totals as a clause without a full stop. */
    String text(String unit) {
        var count = records + " " + unit + (records == 1 ? "" : "s") + " acknowledged";
        if (records == 0) {
            return count;
        }
        return count + ", " + (first == last ? "LSN " + first : "LSN " + first + " to " + last) + ", term " + term
                + again();
    }

    private String again() {
        if (repeated == 0) {
            return "";
        }
        return repeated == records ? " (repeated)" : " (" + repeated + " of them repeated)";
    }

    /** Returns the totals for programs; term and LSNs are null if nothing was acknowledged. */
    ObjectNode json() {
        var object = Json.object().put("records", records).put("bytes", bytes);
        if (records == 0) {
            return object.putNull("term").putNull("first").putNull("last");
        }
        object.put("term", term).put("first", first).put("last", last);
        return repeated == 0 ? object : object.put("repeated", repeated);
    }
}
