package io.seawall.node.peer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of a stream between nodes, JSON objects that end with a newline: first {@code {"node":"n1","incarnation":"n1-4f"}},
 * which process serves; then {@code {"beat":true}} every 2 s, and every 10 s in its place {@code {"rates":{"orders-0":1048576}}},
 * bytes per second of logs that the process has open. Readers ignore members that they do not know.
 */
public final class PeerLines {
    /** The longest line, without its newline. */
    static final int MOST_BYTES = 128 << 10;

    private static final int RATES_A_LINE = 500; // of at most 130 bytes each

    private PeerLines() {}

    /**
     * A line as it was read.
     *
     * @param node the serving node; empty except in the first line
     * @param incarnation its process; empty except in the first line
     * @param rates bytes per second; empty except in lines of rates
     */
    record Line(String node, String incarnation, Map<PChannel, Long> rates) {}

    /** Returns the first line. */
    public static byte[] hello(String node, String incarnation) {
        return line(json -> {
            json.writeStartObject();
            json.writeStringField("node", node);
            json.writeStringField("incarnation", incarnation);
            json.writeEndObject();
        });
    }

    /** Returns a beat. */
    public static byte[] beat() {
        return line(json -> {
            json.writeStartObject();
            json.writeBooleanField("beat", true);
            json.writeEndObject();
        });
    }

    /** Returns the lines that state rates: none if there are no rates. */
    public static List<byte[]> rates(Map<PChannel, Long> bytesPerSecond) {
        var lines = new ArrayList<byte[]>();
        var all = List.copyOf(bytesPerSecond.entrySet());
        for (var at = 0; at < all.size(); at += RATES_A_LINE) {
            var some = all.subList(at, Math.min(all.size(), at + RATES_A_LINE));
            lines.add(line(json -> {
                json.writeStartObject();
                json.writeObjectFieldStart("rates");
                for (var rate : some) {
                    json.writeNumberField(rate.getKey().toString(), rate.getValue());
                }
                json.writeEndObject();
                json.writeEndObject();
            }));
        }
        return lines;
    }

    private static byte[] line(JsonStreams.Body body) {
        return JsonStreams.bytes(json -> {
            body.write(json);
            json.writeRaw('\n');
        });
    }

    /**
     * Parses a line.
     *
     * @throws IOException if it is no such line
     */
    static Line parse(byte[] line) throws IOException {
        var node = "";
        var incarnation = "";
        var rates = new HashMap<PChannel, Long>();
        try (var json = JsonStreams.FACTORY.createParser(line)) {
            require(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                var value = json.nextToken();
                if (name.equals("node") && value == JsonToken.VALUE_STRING) {
                    node = json.getText();
                } else if (name.equals("incarnation") && value == JsonToken.VALUE_STRING) {
                    incarnation = json.getText();
                } else if (name.equals("rates") && value == JsonToken.START_OBJECT) {
                    parseRates(json, rates);
                } else {
                    json.skipChildren();
                }
            }
            require(json.currentToken() == JsonToken.END_OBJECT);
        }
        return new Line(node, incarnation, rates);
    }

    private static void parseRates(JsonParser json, Map<PChannel, Long> rates) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            require(json.nextToken() == JsonToken.VALUE_NUMBER_INT);
            try {
                rates.put(PChannel.parse(name), Math.max(0, json.getLongValue()));
            } catch (WalException notOne) {
                throw new IOException("a rate of something that is no log", notOne);
            }
        }
    }

    private static void require(boolean expected) throws IOException {
        if (!expected) {
            throw new IOException("a line that is not of the form of streams between nodes");
        }
    }
}
