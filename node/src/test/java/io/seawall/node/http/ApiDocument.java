package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The description of the API, and a judge of whether an answer is as it says. Thread-safe. */
final class ApiDocument {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String REF = "$ref";
    private static final String COMPONENTS = "#/components/schemas/";
    private static final String DEFINITIONS = "#/$defs/";
    private static final String PROBLEM = "application/problem+json";

    /** The statuses with which Jetty and the router answer what belongs to no operation. */
    private static final Set<Integer> BEFORE_ANY = Set.of(400, 403, 404, 405, 408, 414, 421, 431, 501, 503, 505);

    static final JsonNode DOCUMENT = HttpFixture.json(new String(OpenApi.JSON, UTF_8));

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private ApiDocument() {}

    /** Returns all operations, as in {@code GET /v1/topics}. */
    static Set<String> operations() {
        var all = new TreeSet<String>();
        for (var path : DOCUMENT.path("paths").properties()) {
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
        }
        return all;
    }

    /** Returns the schema as a problem has it. */
    static JsonNode schema(String name) {
        return DOCUMENT.path("components").path("schemas").path(name);
    }

    /**
     * Checks that an answer has a status, a type and a form that the operation documents.
     *
     * @param method the request's method
     * @param path the request's path, without the query
     * @param type the answer's Content-Type, possibly empty
     */
    static void check(String method, String path, int status, String type, String body) {
        var head = method.equals("HEAD");
        var operation = operation(head ? "GET" : method, path);
        var media = type.split(";", 2)[0];
        var subject = method + " " + path + " answered " + status + " " + type + ": " + body;
        if (operation.isEmpty()) {
            assertThat(media).as(subject).isEqualTo(PROBLEM);
            assertThat(BEFORE_ANY).as(subject).contains(status);
        }
        var responses = operation
                .map(found -> found.path("responses"))
                .orElseGet(() -> MAPPER.createObjectNode().putNull("default"));
        var response = responses.has("" + status) ? responses.path("" + status) : responses.path("default");
        if (response.has(REF)) {
            response = DOCUMENT.at(response.path(REF).asText().substring(1));
        }
        if (operation.isPresent()) {
            assertThat(status >= 300 || responses.has("" + status)).as(subject).isTrue();
            assertThat(response.path("content").has(media)).as(subject).isTrue();
        }
        if (head || body.isEmpty()) {
            return;
        }
        if (media.equals(PROBLEM)) {
            validate(schema("Problem"), body, subject);
            assertThat(HttpFixture.json(body).path("status").asInt())
                    .as(subject)
                    .isEqualTo(status);
        } else if (media.equals("application/json")) {
            validate(response.path("content").path(media).path("schema"), body, subject);
        } else if (media.equals("application/x-ndjson")) {
            var schema = response.path("content").path(media).path("schema");
            body.lines().forEach(line -> validate(schema, line, subject));
        }
    }

    /** Checks a value of a form that the document names. */
    static void check(String schema, JsonNode value) {
        validate(schema(schema), value.toString(), schema);
    }

    private static Optional<JsonNode> operation(String method, String path) {
        for (var each : DOCUMENT.path("paths").properties()) {
            var pattern = each.getKey().replaceAll("\\{[a-z]+}", "[^/]+");
            if (path.matches(pattern)) {
                return Optional.ofNullable(each.getValue().get(method.toLowerCase(Locale.ROOT)));
            }
        }
        return Optional.empty();
    }

    private static void validate(JsonNode schema, String json, String subject) {
        var compiled = SCHEMAS.computeIfAbsent(schema.toString(), text -> compile(schema));
        assertThat(compiled.validate(HttpFixture.json(json))).as(subject).isEmpty();
    }

    /** Makes a schema that stands alone: the components become its definitions. */
    private static Schema compile(JsonNode schema) {
        var alone = (ObjectNode) HttpFixture.json(local(schema));
        alone.set("$defs", HttpFixture.json(local(DOCUMENT.path("components").path("schemas"))));
        return REGISTRY.getSchema(alone);
    }

    private static String local(JsonNode schema) {
        return schema.toString().replace(COMPONENTS, DEFINITIONS);
    }
}
