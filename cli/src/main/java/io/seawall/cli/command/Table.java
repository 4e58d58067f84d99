package io.seawall.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Formats JSON objects as aligned columns, in the order of the node's fields. */
public final class Table {
    private static final String GAP = "  ";

    private Table() {}

    /** Returns a heading and a line per row; a field that is null in every row gets no column. */
    public static List<String> lines(List<JsonNode> rows) {
        var names = columns(rows);
        var grid = new ArrayList<List<String>>();
        grid.add(names.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
        for (var row : rows) {
            grid.add(names.stream().map(name -> cell(row.path(name))).toList());
        }
        var widths = widths(grid);
        return rows.isEmpty()
                ? List.of()
                : grid.stream().map(row -> padded(row, widths)).toList();
    }

    /** Returns a value for people: text without quotes, null as a dash, the fields of an object in a row. */
    public static String cell(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return "-";
        }
        if (value.isObject()) {
            return value.properties().stream()
                    .map(field -> field.getKey() + " " + cell(field.getValue()))
                    .collect(Collectors.joining(", "));
        }
        return value.isValueNode() ? value.asText() : Json.line(value);
    }

    private static Set<String> columns(List<JsonNode> rows) {
        var names = new LinkedHashSet<String>();
        for (var row : rows) {
            row.properties().forEach(field -> {
                if (!field.getValue().isNull()) {
                    names.add(field.getKey());
                }
            });
        }
        return names;
    }

    private static int[] widths(List<List<String>> grid) {
        var widths = new int[grid.get(0).size()];
        for (var row : grid) {
            for (var column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    private static String padded(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (var column = 0; column < widths.length; column++) {
            var cell = row.get(column);
            line.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
