package io.seawall.cli;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.OutputStream;

/** How {@code read} writes a record. Reading and writing are two steps, so that a record out of order is never written. */
interface RecordFormat {
    /**
     * Takes the object that the parser is at the start of, up to its end.
     *
     * @return its LSN
     */
    long take(JsonParser page) throws IOException;

    /**
     * Writes the record last taken.
     *
     * @return its size in bytes
     */
    int write(OutputStream out) throws IOException;
}
