package io.seawall.node.serve;

import io.seawall.node.http.json.Shown;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.Problem;
import io.seawall.wal.WalRecord;
import java.util.List;

/**
 * The rules for a batch of a client. The log checks them too; checking here ends a bad request before its whole body has
 * been converted to records.
 *
 * @param recordMaxBytes the largest record: key, value and headers
 */
public record BatchRules(int recordMaxBytes) {
    /** The records of one batch. */
    public static final int MOST_RECORDS = 1_000;

    private static final String RECORD = "record";

    /** Rejects a batch without records. */
    public void checkNotEmpty(String operation, List<WalRecord> batch) {
        if (batch.isEmpty()) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("no record")
                    .expected("1 to " + MOST_RECORDS + " records")
                    .exception();
        }
    }

    /** Rejects one record more than a batch may have. */
    public void checkRoom(String operation, int size) {
        if (size == MOST_RECORDS) {
            throw Problem.of(ErrorCode.TOO_LARGE, operation)
                    .found("more than " + MOST_RECORDS + " records")
                    .expected("at most " + MOST_RECORDS)
                    .fix("send several batches")
                    .with("limit", MOST_RECORDS)
                    .exception();
        }
    }

    /** Rejects a record that is too large or has a header that it must not have. */
    public void check(String operation, WalRecord record, int index) {
        check(operation, record, RECORD, index);
    }

    /**
     * Rejects a record that is too large or has a header that it must not have.
     *
     * @param unit what the number counts, for errors
     * @param number which one it is
     */
    public void check(String operation, WalRecord record, String unit, long number) {
        record.headers().forEach(header -> check(operation, header, unit, number));
        checkSize(operation, record.sizeBytes(), unit, number);
    }

    /** Rejects a record of more bytes than one may have; for readers that count while they convert it. */
    public void checkSize(String operation, long bytes, int index) {
        checkSize(operation, bytes, RECORD, index);
    }

    private void checkSize(String operation, long bytes, String unit, long number) {
        if (bytes > recordMaxBytes) {
            throw Problem.of(ErrorCode.TOO_LARGE, operation)
                    .found(unit + " " + number + " of " + bytes + " bytes")
                    .expected("at most " + recordMaxBytes + " bytes of key, value and headers")
                    .fix("wal.record.max.bytes sets the limit")
                    .with("limit", recordMaxBytes)
                    .exception();
        }
    }

    private static void check(String operation, Header header, String unit, long number) {
        if (header.isReserved()) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("header " + Shown.text(header.key()) + " in " + unit + " " + number)
                    .expected("other names than '" + Header.RESERVED + "' and those that start with '"
                            + Header.RESERVED_PREFIX + "': they are Seawall's own")
                    .exception();
        }
        if (!header.isEncodable()) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("header " + Shown.text(header.key()) + " in " + unit + " " + number
                            + ", with half of a surrogate pair at the ?")
                    .expected("a name that can be written as UTF-8")
                    .exception();
        }
    }
}
