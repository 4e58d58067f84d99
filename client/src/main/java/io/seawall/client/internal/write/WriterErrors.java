package io.seawall.client.internal.write;

import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.SeawallException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The errors that a writer makes itself. */
final class WriterErrors {
    private final String pchannel;

    WriterErrors(String pchannel) {
        this.pchannel = pchannel;
    }

    /** Returns the error of an append that was sent and has no answer. */
    SeawallException unknown(SeawallException why) {
        return why.is(Codes.OUTCOME_UNKNOWN)
                ? why
                : error(Codes.OUTCOME_UNKNOWN, "it was sent and may have been written; the reason: " + why.getMessage())
                        .effect(Effect.UNKNOWN)
                        .cause(why)
                        .build();
    }

    /** Returns the error of an append that was not sent because the writer has ended. */
    SeawallException closed(SeawallException why) {
        return why.is(Codes.CLOSED)
                ? why
                : error(Codes.CLOSED, "the writer has ended; open a new one. It ended because: " + why.getMessage())
                        .cause(why)
                        .build();
    }

    SeawallException closed() {
        return error(Codes.CLOSED, "the writer is closed").build();
    }

    SeawallException timedOut(@Nullable SeawallException last) {
        return error(Codes.UNAVAILABLE, "the delivery time-out is over, and nothing was written" + because(last))
                .cause(last)
                .build();
    }

    SeawallException timedOutUnknown(@Nullable SeawallException last) {
        return error(
                        Codes.OUTCOME_UNKNOWN,
                        "the delivery time-out is over; it was sent and may have been written" + because(last))
                .effect(Effect.UNKNOWN)
                .cause(last)
                .build();
    }

    private static String because(@Nullable SeawallException last) {
        return last == null ? "" : "; the last failure was: " + last.getMessage();
    }

    SeawallException tooLarge(Batch batch, CallLimits limits) {
        var record = batch.largestRecordBytes() > limits.recordBytes() && limits.recordBytes() > 0;
        var limit = record ? limits.recordBytes() : limits.messageBytes();
        var found = record
                ? "a record of " + batch.largestRecordBytes() + " bytes of key, value and headers"
                : "an append of about " + batch.messageBytes() + " bytes";
        var expected = "at most " + limit
                + (record ? " (wal.record.max.bytes)" : " in one message; append fewer records together");
        return error(Codes.TOO_LARGE, "found " + found + ", expected " + expected)
                .found(found)
                .expected(expected)
                .numbers(Map.of("limit", (long) limit))
                .build();
    }

    SeawallException cannotGoOn(@Nullable String session) {
        return error(
                        Codes.SEQUENCE_GAP,
                        "writer session " + session
                                + " cannot go on: an append was refused, and the connection failed before"
                                + " the answers to those behind it came; read the log, then append with a new session")
                .build();
    }

    /** Returns the error of a batch that the log had before it was sent. */
    SeawallException inUse(@Nullable String session, long seq) {
        return error(
                        Codes.SESSION_IN_USE,
                        "the log has batch " + session + "/" + seq
                                + " already, of an earlier program or of another one that uses this session")
                .build();
    }

    /** Returns the error of an answer that no correct node gives. */
    SeawallException broken(String what) {
        return error(Codes.INTERNAL, "the node broke the protocol: " + what)
                .effect(Effect.UNKNOWN)
                .build();
    }

    /** Returns the error of a bug in the client. */
    SeawallException bug(Throwable cause) {
        return error(Codes.INTERNAL, "the client failed: " + cause)
                .effect(Effect.UNKNOWN)
                .cause(cause)
                .build();
    }

    SeawallException.Builder error(String code, String what) {
        return SeawallException.of(code, "cannot append to " + pchannel + ": " + what)
                .pchannel(pchannel);
    }
}
