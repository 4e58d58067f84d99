package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;

/** Says what a reader found when acknowledged records are missing. */
final class Losses {
    private Losses() {}

    static WalException found(PChannel pchannel, LiveRule.Step step, LogEntry entry) {
        var what = switch (step.action()) {
            case LOST_AND_REUSED -> "a number that was used before";
            case BROKEN_BATCH -> "a batch that breaks off";
            default -> "numbers left out";
        };
        return Problem.of(ErrorCode.DATA_LOSS, "read " + pchannel)
                .pchannel(pchannel)
                .with("lsn", step.position().next())
                .found(what + " at offset " + entry.offset() + ": " + describe(entry))
                .expected("LSN " + step.position().next() + " next")
                .fix("acknowledged records are missing in Kafka: stop writing and look at the brokers' disks")
                .exception();
    }

    /** A log whose records are gone, though it once had some. */
    static WalException emptied(String operation, PChannel pchannel, long start, KnownElsewhere elsewhere) {
        var known = elsewhere.ask(pchannel).map(what -> "; known is " + what).orElse("");
        return Problem.of(ErrorCode.DATA_LOSS, operation)
                .pchannel(pchannel)
                .found("no snapshot and no record of its first owner in a log that starts at offset " + start + known)
                .expected("the last snapshot at least, which no trim of Seawall deletes")
                .fix(
                        "somebody deleted the records in Kafka: restore them, or force a tail, with ./seawall segments restore; see"
                                + " docs/operations.md")
                .exception();
    }

    private static String describe(LogEntry entry) {
        return entry.header() == null ? "a foreign record" : entry.header().toString();
    }
}
