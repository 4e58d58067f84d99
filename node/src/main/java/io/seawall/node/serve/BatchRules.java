package io.seawall.node.http.append;

import io.seawall.node.http.exchange.HttpLimits;
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
    void checkNotEmpty(String operation, List<WalRecord> batch) {
        if (batch.isEmpty()) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("no record")
                    .expected("1 to " + HttpLimits.BATCH_RECORDS + " records")
                    .exception();
        }
    }

    /** Rejects one record more than a batch may have. */
    void checkRoom(String operation, int size) {
        if (size == HttpLimits.BATCH_RECORDS) {
            throw Problem.of(ErrorCode.TOO_LARGE, operation)
                    .found("more than " + HttpLimits.BATCH_RECORDS + " records")
                    .expected("at most " + HttpLimits.BATCH_RECORDS)
                    .fix("send several batches")
                    .with("limit", HttpLimits.BATCH_RECORDS)
                    .exception();
        }
    }

    void check(String operation, WalRecord record, int index) {
        record.headers().forEach(header -> check(operation, header, index));
        if (record.sizeBytes() > recordMaxBytes) {
            throw Problem.of(ErrorCode.TOO_LARGE, operation)
                    .found("record " + index + " of " + record.sizeBytes() + " bytes")
                    .expected("at most " + recordMaxBytes + " bytes of key, value and headers")
                    .fix("wal.record.max.bytes sets the limit")
                    .with("limit", recordMaxBytes)
                    .exception();
        }
    }

    private static void check(String operation, Header header, int index) {
        if (header.isReserved()) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("header " + Shown.text(header.key()) + " in record " + index)
                    .expected("other names than '" + Header.RESERVED + "' and those that start with '"
                            + Header.RESERVED_PREFIX + "': they are Seawall's own")
                    .exception();
        }
        if (!header.isEncodable()) {
            throw Problem.of(ErrorCode.INVALID, operation)
                    .found("header " + Shown.text(header.key()) + " in record " + index
                            + ", with half of a surrogate pair at the ?")
                    .expected("a name that can be written as UTF-8")
                    .exception();
        }
    }
}
