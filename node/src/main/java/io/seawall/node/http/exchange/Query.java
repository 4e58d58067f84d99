package io.seawall.node.http.exchange;

import io.seawall.node.http.json.Shown;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The parameters of a query; each one is known and occurs at most once. */
public final class Query {
    private static final String PRETTY = "pretty";

    private final String operation;
    private final Map<String, String> parameters;

    Query(String operation, Map<String, String> parameters) {
        this.operation = operation;
        this.parameters = parameters;
    }

    /** Returns whether a query asks for JSON for people. It may be malformed: the answer to it can be pretty, too. */
    static boolean isPretty(@Nullable String query) {
        return query != null
                && Stream.of(query.split("&", -1))
                        .anyMatch(part -> part.equals(PRETTY) || part.equals(PRETTY + "=true"));
    }

    /** Checks the parameter that every request may have, and leaves it out. */
    Query withoutPretty() {
        oneOf(PRETTY, "true", Set.of("", "true", "false"));
        var others = new HashMap<>(parameters);
        others.remove(PRETTY);
        return new Query(operation, others);
    }

    /**
     * Rejects parameters that would otherwise be ignored.
     *
     * @throws io.seawall.wal.RequestException with code INVALID for the first that is not allowed
     */
    public Query allow(String... names) {
        var allowed = new TreeSet<>(Arrays.asList(names));
        for (var name : parameters.keySet()) {
            if (!allowed.contains(name)) {
                throw invalid("query parameter " + Shown.text(name), allowed.isEmpty() ? "none" : "only " + allowed);
            }
        }
        return this;
    }

    /** Rejects parameters that a later version will support. */
    Query notYet(String... names) {
        for (var name : names) {
            if (parameters.containsKey(name)) {
                throw invalid("query parameter " + name, "a request without it: it is not supported yet");
            }
        }
        return this;
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** Returns the value of a parameter, which must be one of the allowed texts. */
    public String oneOf(String name, String initial, Set<String> allowed) {
        var text = parameters.getOrDefault(name, initial);
        if (!allowed.contains(text)) {
            throw invalid(name + "=" + Shown.text(text), "one of " + new TreeSet<>(allowed));
        }
        return text;
    }

    /** Returns the value of a parameter, which must be a whole number within a range. */
    public long number(String name, long initial, long min, long max) {
        var text = parameters.get(name);
        if (text == null) {
            return initial;
        }
        try {
            var number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Fall through: the error is the same as for a number out of range.
        }
        throw invalid(name + "=" + Shown.text(text), "a whole number from " + min + " to " + max);
    }

    /** Creates the error for a parameter. */
    public WalException invalid(String found, String expected) {
        return Problem.of(ErrorCode.INVALID, operation)
                .found(found)
                .expected(expected)
                .exception();
    }
}
