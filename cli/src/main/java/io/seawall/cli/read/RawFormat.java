package io.seawall.cli.read;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the value's bytes and a newline. A null value looks like an empty one. */
final class RawFormat implements RecordFormat {
    private final ByteArrayOutputStream value = new ByteArrayOutputStream();

    @Override
    public long take(JsonParser page) throws IOException {
        var lsn = -1L;
        value.reset();
        while (page.nextToken() != JsonToken.END_OBJECT) {
            var name = page.currentName();
            var token = page.nextToken();
            if (name.equals("lsn")) {
                lsn = page.getLongValue();
            } else if (name.equals("value") && token == JsonToken.VALUE_STRING) {
                page.readBinaryValue(value);
            } else {
                page.skipChildren();
            }
        }
        return lsn;
    }

    @Override
    public int write(OutputStream out) throws IOException {
        value.write('\n');
        value.writeTo(out);
        return value.size();
    }
}
