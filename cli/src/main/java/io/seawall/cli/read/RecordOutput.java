package io.seawall.cli.read;

import io.seawall.client.log.LogRecord;
import java.io.IOException;

/** Writes records to standard output in one form. The records of many calls may go into one write. Not thread-safe. */
interface RecordOutput {
    /**
     * Writes a record.
     *
     * @return its size in bytes
     */
    int write(LogRecord record) throws IOException;

    /** Passes on what is buffered. */
    void flush() throws IOException;
}
