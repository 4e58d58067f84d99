package io.seawall.cli.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.command.Json;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the whole record in the form of the API, one per line. */
final class JsonFormat implements RecordFormat {
    private JsonNode taken = Json.object();

    @Override
    public long take(JsonParser page) throws IOException {
        taken = Json.MAPPER.readTree(page);
        return taken.path("lsn").asLong(-1);
    }

    @Override
    public int write(OutputStream out) throws IOException {
        var line = Json.MAPPER.writeValueAsBytes(taken);
        out.write(line);
        out.write('\n');
        return line.length + 1;
    }
}
