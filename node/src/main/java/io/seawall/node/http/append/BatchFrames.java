package io.seawall.node.http.append;

import io.seawall.node.http.frames.FrameReader;
import io.seawall.node.serve.BatchRules;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.RequestException;
import io.seawall.wal.WalRecord;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Reads a batch that comes as frames. */
final class BatchFrames {
    private BatchFrames() {}

    /**
     * Parses a batch.
     *
     * @param ifTail the tail that the log has to have, or null
     * @throws RequestException with code INVALID or TOO_LARGE, naming the record and the rule
     */
    static AppendRequest parse(String operation, byte[] body, @Nullable Long ifTail, BatchRules rules) {
        var frames = new FrameReader(operation, body);
        var records = new ArrayList<WalRecord>();
        while (frames.hasNext()) {
            rules.checkRoom(operation, records.size());
            var record = frames.next();
            rules.check(operation, record, records.size());
            records.add(record);
        }
        rules.checkNotEmpty(operation, records);
        return new AppendRequest(records, ifTail, null);
    }
}
