package io.seawall.node.tail;

import io.seawall.wal.LogRecord;
import java.util.List;

/**
 * Encodes records in one form of a protocol. One object stands for one form: batches keep the result for each object. Thread-safe;
 * does not block.
 */
@FunctionalInterface
public interface RecordEncoder {
    /**
     * Encodes records.
     *
     * @param records the records, at least one
     * @return one piece of bytes for each record
     */
    EncodedRecords encode(List<LogRecord> records);
}
