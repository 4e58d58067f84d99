package io.seawall.cli.read;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The form in which {@code read} writes a record. Parsing and writing are two steps, so that a record out of order is never
 * written.
 */
interface RecordFormat {
    /**
     * Parses the object at whose start the parser is, up to its end.
     *
     * @return its LSN
     */
    long take(JsonParser page) throws IOException;

    /**
     * Writes the record that was parsed last.
     *
     * @return its size in bytes
     */
    int write(OutputStream out) throws IOException;
}
