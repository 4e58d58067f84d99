package io.seawall.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Writes {@code docs/http-api.md} from the description of the API that a node serves. */
final class ApiPage {
    private static final String HEAD = """
            # HTTP: every request

            Generated from the OpenAPI document that each node serves at `/openapi.json`: do not edit. A test of the module `node` fails when this page is stale and says how to write it again.

            [http.md](http.md) says what holds for all requests: media types, how bytes stand in JSON, packed bodies, append streams, limits. [The tour](tour.md) shows requests with curl. `{p}` is a log, as in `orders-0`, and `{n}` a node's id.

            `HEAD` is answered wherever `GET` is. [Errors](#errors) says what the statuses of errors mean.
            """;
    private static final String ERRORS = """

            ## Errors

            The answer is a [Problem](#problem), `application/problem+json`, with a stable `code` and with an `effect`: whether the request changed the log (`none`, `applied`), or whether only the log can tell (`unknown`). Codes and their statuses: %s.

            Any request may also get %s.

            | status | means |
            |---|---|
            """;
    private static final String FORMS = """

            ## Forms

            Members are required unless they are marked with `?`. Requests may have no other members; answers have no others in this version, and later ones may add some.
            """;

    private ApiPage() {}

    static String markdown() {
        var page = new StringBuilder(HEAD);
        for (var tag : ApiDocument.DOCUMENT.path("tags")) {
            page.append("\n## ").append(tag.path("description").asText()).append('\n');
            for (var path : ApiDocument.DOCUMENT.path("paths").properties()) {
                for (var operation : path.getValue().properties()) {
                    if (operation.getValue().path("tags").path(0).equals(tag.path("name"))) {
                        page.append(operation(operation.getKey(), path.getKey(), operation.getValue()));
                    }
                }
            }
        }
        var problem = ApiDocument.schema("Problem").path("properties").path("code");
        var codes = problem.path("description").asText();
        page.append(ERRORS.formatted(
                codes.substring(codes.indexOf(". ") + 2),
                ApiDocument.DOCUMENT
                        .path("components")
                        .path("responses")
                        .path("Problem")
                        .path("description")
                        .asText()
                        .replaceFirst("^any other error: ", "")));
        page.append(errors()).append(FORMS);
        for (var schema :
                ApiDocument.DOCUMENT.path("components").path("schemas").properties()) {
            page.append(form(schema.getKey(), schema.getValue()));
        }
        return page.toString();
    }

    private static String operation(String method, String path, JsonNode operation) {
        var text = new StringBuilder("\n### `")
                .append(method.toUpperCase(Locale.ROOT))
                .append(' ')
                .append(path)
                .append("`\n\n")
                .append(operation.path("summary").asText())
                .append('.');
        if (operation.has("description")) {
            text.append(' ').append(operation.path("description").asText());
        }
        text.append('\n');
        var parameters = stream(operation.path("parameters"))
                .map(ApiPage::resolved)
                .filter(parameter -> !parameter.path("in").asText().equals("path"))
                .toList();
        if (!parameters.isEmpty()) {
            text.append("\n| parameter | values | |\n|---|---|---|\n");
            parameters.forEach(parameter -> text.append(parameter(parameter)));
        }
        var body = operation.path("requestBody");
        if (!body.isMissingNode()) {
            var required = body.path("required").asBoolean() ? "" : ", which may be missing";
            text.append("\nBody")
                    .append(required)
                    .append(": ")
                    .append(content(body.path("content")))
                    .append('.');
            if (body.has("description")) {
                text.append(' ').append(body.path("description").asText());
            }
            text.append('\n');
        }
        text.append("\n| status | type | |\n|---|---|---|\n");
        var errors = new ArrayList<String>();
        for (var answer : operation.path("responses").properties()) {
            var found = resolved(answer.getValue());
            if (!isError(found)) {
                text.append("| %s | %s | %s |\n"
                        .formatted(
                                answer.getKey(),
                                content(found.path("content")),
                                cell(found.path("description").asText())));
            } else if (!answer.getKey().equals("default")) {
                errors.add(answer.getKey());
            }
        }
        return text.append(errors.isEmpty() ? "" : "\n[Errors](#errors): " + String.join(", ", errors) + ".\n")
                .toString();
    }

    private static boolean isError(JsonNode answer) {
        return answer.path("content").has("application/problem+json");
    }

    /** Returns a row for each status with which operations refuse. */
    private static String errors() {
        var meanings = new TreeMap<String, Set<String>>();
        for (var path : ApiDocument.DOCUMENT.path("paths")) {
            for (var operation : path) {
                for (var answer : operation.path("responses").properties()) {
                    var found = resolved(answer.getValue());
                    if (isError(found) && !answer.getKey().equals("default")) {
                        meanings.computeIfAbsent(answer.getKey(), status -> new LinkedHashSet<>())
                                .add(cell(found.path("description").asText()));
                    }
                }
            }
        }
        return meanings.entrySet().stream()
                .map(status -> "| " + status.getKey() + " | " + String.join("; ", status.getValue()) + " |\n")
                .collect(Collectors.joining());
    }

    private static String parameter(JsonNode parameter) {
        var header = parameter.path("in").asText().equals("header") ? " (header)" : "";
        var schema = parameter.path("schema");
        var description = parameter.has("description") ? parameter.path("description") : schema.path("description");
        return "| `" + parameter.path("name").asText() + "`" + header
                + (parameter.path("required").asBoolean() ? ", required" : "") + " | " + type(schema) + " | "
                + cell(description.asText()) + " |\n";
    }

    /** Returns the media types of a body, each with the form that it has. */
    private static String content(JsonNode content) {
        return content.properties().stream()
                .map(type -> "`" + type.getKey() + "`"
                        + (type.getValue().has("schema")
                                ? " " + type(type.getValue().path("schema"))
                                : ""))
                .collect(Collectors.joining(", "));
    }

    private static String form(String name, JsonNode schema) {
        var text = new StringBuilder("\n### ").append(name).append("\n\n");
        var description = schema.path("description").asText();
        if (!description.isEmpty()) {
            text.append(sentence(description)).append("\n");
        }
        if (!schema.has("properties")) {
            return text.append(description.isEmpty() ? "" : "\n")
                    .append("Type: ")
                    .append(type(schema))
                    .append(".\n")
                    .toString();
        }
        if (schema.path("properties").isEmpty()) {
            return text.append(description.isEmpty() ? "" : "\n")
                    .append("No members.\n")
                    .toString();
        }
        text.append(description.isEmpty() ? "" : "\n").append("| member | type | |\n|---|---|---|\n");
        members("", schema, text);
        return text.toString();
    }

    /** Adds a row for each member, and behind it those of the objects in it. */
    private static void members(String prefix, JsonNode schema, StringBuilder text) {
        var required = stream(schema.path("required")).map(JsonNode::asText).collect(Collectors.toSet());
        for (var member : schema.path("properties").properties()) {
            var name = prefix + member.getKey();
            var value = member.getValue();
            text.append("| `")
                    .append(name)
                    .append(required.contains(member.getKey()) ? "" : "?")
                    .append("` | ")
                    .append(type(value))
                    .append(" | ")
                    .append(cell(value.path("description").asText()))
                    .append(" |\n");
            members(name + ".", value, text);
            members(name + "[].", value.path("items"), text);
        }
    }

    /** Returns a type in words: a link to a form, the values of an enumeration, or a kind of value with its bounds. */
    private static String type(JsonNode schema) {
        if (schema.has("$ref")) {
            var name = schema.path("$ref").asText().replaceFirst(".*/", "");
            return "[" + name + "](#" + name.toLowerCase(Locale.ROOT) + ")";
        }
        if (schema.has("oneOf")) {
            return stream(schema.path("oneOf")).map(ApiPage::type).collect(Collectors.joining(" or "));
        }
        if (schema.has("const")) {
            return "`" + schema.path("const").asText() + "`";
        }
        if (schema.has("enum")) {
            return stream(schema.path("enum"))
                            .map(value -> value.isNull() ? "null" : "`" + value.asText() + "`")
                            .collect(Collectors.joining(", "))
                    + initial(schema);
        }
        var kinds = new ArrayList<String>();
        (schema.path("type").isArray() ? stream(schema.path("type")).toList() : List.of(schema.path("type")))
                .forEach(kind -> kinds.add(
                        kind.asText().equals("array") ? "array of " + type(schema.path("items")) : kind.asText()));
        return String.join(" or ", kinds) + bounds(schema) + initial(schema);
    }

    private static String bounds(JsonNode schema) {
        if (schema.has("pattern")) {
            return " `" + schema.path("pattern").asText().replace("|", "\\|") + "`";
        }
        if (schema.path("format").asText().equals("date-time")) {
            return " (a time, RFC 3339)";
        }
        var least = schema.path("minimum").asText();
        var most = schema.path("maximum").asText();
        if (!most.isEmpty()) {
            return ", " + least + " to " + most;
        }
        return least.equals("1") ? " from 1" : "";
    }

    private static String initial(JsonNode schema) {
        return schema.has("default") ? "; default `" + schema.path("default").asText() + "`" : "";
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref")
                ? ApiDocument.DOCUMENT.at(node.path("$ref").asText().substring(1))
                : node;
    }

    private static String sentence(String text) {
        var capital = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        return capital.endsWith(".") ? capital : capital + ".";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
