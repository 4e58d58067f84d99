package io.seawall.flusher.segment;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.OptionalLong;

/**
 * A range of records of a log.
 *
 * @param first the first LSN, inclusive; empty for the oldest
 * @param last the last LSN, inclusive; empty for the newest
 */
public record LsnRange(OptionalLong first, OptionalLong last) {
    /** All records. */
    public static final LsnRange ALL = new LsnRange(OptionalLong.empty(), OptionalLong.empty());

    /**
     * Checks both ends.
     *
     * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} for an LSN below 0, or ends in the wrong order
     */
    public LsnRange {
        check(first.orElse(0) >= 0, "the first LSN " + first.orElse(0), "0 or more");
        check(last.orElse(0) >= 0, "the last LSN " + last.orElse(0), "0 or more");
        check(
                first.orElse(0) <= last.orElse(Long.MAX_VALUE),
                "the last LSN " + last.orElse(0),
                "not below the first, " + first.orElse(0));
    }

    private static void check(boolean ok, String found, String expected) {
        if (!ok) {
            throw Problem.of(ErrorCode.INVALID, "take a range of records")
                    .found(found)
                    .expected(expected)
                    .exception();
        }
    }
}
