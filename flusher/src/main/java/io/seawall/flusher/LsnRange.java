package io.seawall.flusher;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.OptionalLong;

/**
 * Which records of a log are meant.
 *
 * @param first the LSN of the first one, inclusive; empty for the oldest that there is
 * @param last the LSN of the last one, inclusive; empty for the newest that there is
 */
public record LsnRange(OptionalLong first, OptionalLong last) {
    /** Everything that there is. */
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
