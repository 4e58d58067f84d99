package io.seawall.cli.read;

import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.command.Progress;
import io.seawall.client.log.LogReader;
import io.seawall.client.log.LogRecord;
import io.seawall.client.log.SeawallException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Writes the records of a reader of the client, which checks that no LSN is missing and goes on after failures that pass. Ends at the
 * limit, at the tail as it was when reading began, or never. Not thread-safe.
 */
final class LogReading {
    private static final Duration WAIT = Duration.ofMinutes(1);
    private static final long UNKNOWN = -1;

    private final LogReader reader;
    private final ReadRange range;
    private final RecordOutput out;
    private final Progress progress;
    private long end = UNKNOWN;
    private long records;
    private long bytes;

    LogReading(LogReader reader, ReadRange range, RecordOutput out, Progress progress) {
        this.reader = reader;
        this.range = range;
        this.out = out;
        this.progress = progress;
    }

    /**
     * Reads and writes until the end of the range; blocks.
     *
     * @throws NodeFailure if the reader fails, after what came before was written
     */
    void run() throws IOException {
        try {
            while (!isDone()) {
                var batch = poll();
                if (range.untilTail() && end == UNKNOWN) {
                    end = reader.tail();
                }
                for (var at = 0; at < batch.size() && !isDone(batch.get(at)); at++) {
                    bytes += out.write(batch.get(at));
                    records++;
                }
                progress.at(records, bytes);
            }
        } catch (SeawallException failure) {
            throw NodeFailure.of(failure, "", "");
        } finally {
            progress.end();
            out.flush();
        }
    }

    private boolean isDone() {
        return records >= range.limit() || reader.isEnded() || (end != UNKNOWN && reader.next() >= end);
    }

    private boolean isDone(LogRecord next) {
        return records >= range.limit() || (end != UNKNOWN && next.lsn() >= end);
    }

    /** Returns the next records. What is written so far goes out before a wait for more. */
    private List<LogRecord> poll() throws IOException {
        var there = reader.poll(Duration.ZERO);
        if (!there.isEmpty() || reader.isEnded()) {
            return there;
        }
        out.flush();
        return reader.poll(WAIT);
    }
}
