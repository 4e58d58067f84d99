package io.seawall.flusher.history;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalException;

/** Creates the errors of readers of segments and Kafka together. */
final class TieredReadErrors {
    private TieredReadErrors() {}

    /** Returns the same error with the oldest LSN that can be read anywhere. */
    static RequestException withOldest(RequestException refusal, long oldest) {
        var problem = refusal.problem();
        var numbers = problem.numbers();
        return numbers.containsKey("tail")
                ? (RequestException) problem.with("oldest", oldest)
                        .expected("an LSN from " + oldest + " to " + numbers.get("tail"))
                        .exception()
                : refusal;
    }

    /** The record was trimmed; others follow. */
    static WalException trimmed(PChannel pchannel, long lsn, long oldest, long tail) {
        return Problem.of(ErrorCode.TRIMMED, "read " + pchannel + " from LSN " + lsn)
                .pchannel(pchannel)
                .with("lsn", lsn)
                .with("oldest", oldest)
                .with("tail", Math.max(oldest, tail))
                .found("LSN " + lsn + ", which was trimmed and is in no segment")
                .expected("an LSN of " + oldest + " or more")
                .exception();
    }

    /** The segments hold records that Kafka does not have. */
    static WalException shorter(PChannel pchannel, long lsn, WalException found, boolean forLong) {
        return Problem.of(forLong ? ErrorCode.DATA_LOSS : ErrorCode.UNAVAILABLE, "read " + pchannel)
                .pchannel(pchannel)
                .with("lsn", lsn)
                .found("segments up to LSN " + (lsn - 1) + ", and in Kafka "
                        + found.problem().found())
                .expected("a log that holds what was flushed from it")
                .fix(
                        forLong
                                ? "acknowledged records are missing in Kafka: stop writing and check the brokers' disks"
                                : "read again: after a change of leaders the old one may still answer for a while")
                .exception();
    }

    static WalException recreated(PChannel pchannel, String before, String now) {
        return Problem.of(ErrorCode.NOT_FOUND, "continue reading " + pchannel)
                .pchannel(pchannel)
                .found("the log " + now)
                .expected("the log " + before + ", which the reader began with")
                .fix("the topic was deleted and created again: start from the oldest record")
                .exception();
    }

    static WalException closed(PChannel pchannel) {
        return Problem.of(ErrorCode.SHUTTING_DOWN, "read " + pchannel)
                .pchannel(pchannel)
                .found("a closed reader")
                .exception();
    }
}
