package io.seawall.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Writes the results of a command: for people by default, as JSON if requested. */
public final class Report {
    private final Stdio stdio;
    private final boolean json;

    public Report(Stdio stdio, boolean json) {
        this.stdio = stdio;
        this.json = json;
    }

    /** Writes one line for people, or the object for programs. */
    public void line(String forPeople, JsonNode forPrograms) {
        stdio.println(json ? Json.line(forPrograms) : forPeople);
    }

    /** Writes one field per line, or the object. */
    public void object(JsonNode value) {
        if (json) {
            stdio.println(Json.line(value));
        } else {
            value.properties().forEach(field -> stdio.println(field.getKey() + ": " + Table.cell(field.getValue())));
        }
    }

    /** Writes a table, or one object per line. */
    public void rows(List<JsonNode> rows) {
        if (json) {
            rows.forEach(row -> stdio.println(Json.line(row)));
        } else {
            Table.lines(rows).forEach(stdio::println);
        }
    }
}
