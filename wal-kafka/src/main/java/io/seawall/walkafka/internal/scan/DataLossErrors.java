package io.seawall.walkafka.internal.scan;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.LiveRule;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.WalHeaderCodec;
import java.nio.charset.StandardCharsets;

/**
 * Makes the errors that a search or a reader throws when acknowledged records are missing, or when another program wrote a record.
 * {@code AppendErrors} has those of an owner, {@code ReaderOpening} that of a reader whose next offset is gone.
 */
public final class DataLossErrors {
    private DataLossErrors() {}

    public static WalException found(PChannel pchannel, LiveRule.Step step, LogEntry entry) {
        var what = switch (step.action()) {
            case LOST_AND_REUSED -> "a number that was used before";
            case BROKEN_BATCH -> "a batch that breaks off";
            default -> "numbers left out";
        };
        return Problem.of(ErrorCode.DATA_LOSS, "read " + pchannel)
                .pchannel(pchannel)
                .with("lsn", step.position().next())
                .with("offset", entry.offset())
                .found(what + " at offset " + entry.offset() + ": " + describe(entry))
                .expected("LSN " + step.position().next() + " next")
                .fix(
                        step.action() == LiveRule.Action.HOLD
                                ? "acknowledged records are missing in Kafka, or another program wrote this one: stop writing, and"
                                        + " check the brokers' disks and which programs may write into the topic"
                                : "acknowledged records are missing in Kafka: stop writing and check the brokers' disks")
                .exception();
    }

    /**
     * Returns the error of a reader that has read past the offset of a claim before the claim was written: the log lost its end.
     */
    public static WalException rewritten(PChannel pchannel, LogEntry entry, long next) {
        return Problem.of(ErrorCode.DATA_LOSS, "read " + pchannel)
                .pchannel(pchannel)
                .with("lsn", next)
                .with("offset", entry.offset())
                .found("at offset " + entry.offset() + ", behind LSN " + (next - 1) + ": " + describe(entry)
                        + ", whose owner claimed the log further back, where this reader had read before")
                .expected("a partition that does not lose its end")
                .fix("acknowledged records are missing in Kafka: stop writing and check the brokers' disks")
                .exception();
    }

    /**
     * Returns the error for a record that carries the header of an owner who did not write it, or wrote another one with its
     * LSN.
     */
    public static WalException forged(String operation, PChannel pchannel, LogEntry entry, long next) {
        return Problem.of(ErrorCode.FORGED, operation)
                .pchannel(pchannel)
                .with("lsn", next)
                .with("offset", entry.offset())
                .found("a record that another program wrote with Seawall's headers, at offset " + entry.offset()
                        + " or before: " + describe(entry))
                .expected("LSN " + next + " next; an owner gives each number once, and higher ones only")
                .fix("end that program, let only Seawall write into the topic, then follow docs/operations.md")
                .exception();
    }

    /** Returns the same error with another fix: the owner, which knows its own records, now takes the log back. */
    public static WalException ownerRecovers(WalException forged) {
        return forged.problem()
                .fix("its owner takes the log back behind it: read again; and let only Seawall write into the topic")
                .exception();
    }

    /** Returns the error for a log that once had records and has none left. */
    public static WalException emptied(String operation, PChannel pchannel, long start) {
        return Problem.of(ErrorCode.DATA_LOSS, operation)
                .pchannel(pchannel)
                .found("no snapshot and no record of its first owner in a log that starts at offset " + start)
                .expected("the last snapshot at least, which no trim of Seawall deletes")
                .fix(
                        "somebody deleted the records in Kafka: restore them, or force a tail, with ./seawall segments restore;"
                                + " ./seawall segments ls " + pchannel
                                + " shows what the segments hold; see docs/operations.md")
                .exception();
    }

    private static String describe(LogEntry entry) {
        return entry.header() == null
                ? "a foreign record"
                : "wal=" + new String(WalHeaderCodec.write(entry.header()), StandardCharsets.US_ASCII);
    }
}
