package io.seawall.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.command.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the result of a benchmark: its figures and a table of the measurements, or one JSON object. */
final class BenchOutput {
    private final Stdio stdio;
    private final boolean json;

    BenchOutput(Stdio stdio, boolean json) {
        this.stdio = stdio;
        this.json = json;
    }

    void write(JsonNode result) {
        if (json) {
            stdio.println(Json.line(result));
        } else {
            lines(result).forEach(stdio::println);
        }
    }

    private static List<String> lines(JsonNode result) {
        var lines = new ArrayList<String>();
        var flat = flat(result);
        flat.properties().forEach(field -> {
            if (field.getValue().isArray()) {
                lines.add("");
                lines.add(field.getKey() + ":");
                lines.addAll(Table.lines(rows(field.getValue())));
            } else {
                lines.add(field.getKey() + ": " + Table.cell(field.getValue()));
            }
        });
        return lines;
    }

    private static List<JsonNode> rows(JsonNode array) {
        var rows = new ArrayList<JsonNode>();
        array.forEach(row -> rows.add(flat(row)));
        return rows;
    }

    /** Returns the object with nested objects as fields with a dot, and numbers rounded for people. */
    private static ObjectNode flat(JsonNode object) {
        var flat = Json.object();
        object.properties().forEach(field -> {
            var value = field.getValue();
            if (value.isObject()) {
                flat(value)
                        .properties()
                        .forEach(inner -> flat.set(field.getKey() + "." + inner.getKey(), inner.getValue()));
            } else if (value.isFloatingPointNumber()) {
                flat.put(field.getKey(), String.format(Locale.ROOT, "%.3f", value.doubleValue()));
            } else {
                flat.set(field.getKey(), value);
            }
        });
        return flat;
    }
}
