package io.seawall.node.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a caller needs for a request.
 *
 * @param kind how far the request reaches
 * @param anyOf the actions of which one is enough; empty if none is needed
 * @param topic the topic; empty unless the request is about one
 */
public record Need(Kind kind, Set<Action> anyOf, String topic) {
    /** How far a request reaches. */
    public enum Kind {
        /** Everybody may do it, also callers that are not known. */
        OPEN,
        /** Every known caller may do it, and sees only what its rights cover. */
        KNOWN,
        /** It is about one topic. */
        TOPIC,
        /** It is about the whole node or cluster. */
        ALL
    }

    /** Health, and the description of the API. */
    public static final Need OPEN = new Need(Kind.OPEN, Set.of(), "");

    /** Lists, of which each caller sees a part. */
    public static final Need KNOWN = new Need(Kind.KNOWN, Set.of(), "");

    /** Copies the set. */
    public Need {
        anyOf = Set.copyOf(anyOf);
    }

    /** Returns the need of a request about one topic. */
    public static Need ofTopic(String topic, Action first, Action... others) {
        return new Need(Kind.TOPIC, EnumSet.of(first, others), topic);
    }

    /** Returns the need of a request about everything. */
    public static Need ofAll(Action first, Action... others) {
        return new Need(Kind.ALL, EnumSet.of(first, others), "");
    }

    /** Returns the need of a caller that sees a topic, its logs and their state. */
    public static Need toSee(String topic) {
        return ofTopic(topic, Action.READ, Action.ADMIN);
    }

    /** Returns whether rights are enough, for a caller that is known. */
    public boolean isMetBy(Set<Right> rights) {
        return switch (kind) {
            case OPEN, KNOWN -> true;
            case TOPIC -> rights.stream().anyMatch(right -> anyOf.contains(right.action()) && right.covers(topic));
            case ALL -> rights.stream().anyMatch(right -> anyOf.contains(right.action()) && right.coversAll());
        };
    }

    /** Returns whether the request changes or deletes what others use, so that it is written to the audit log. */
    public boolean isAudited() {
        return anyOf.equals(Set.of(Action.ADMIN)) || anyOf.equals(Set.of(Action.TRIM));
    }

    /** Returns the rights of which one is enough, as the access file writes them. */
    public List<String> rights() {
        var topics = kind == Kind.TOPIC ? topic : Right.ALL;
        return anyOf.stream()
                .sorted()
                .map(action -> action.text() + ":" + topics)
                .collect(Collectors.toList());
    }

    /** Returns what it is about, for the audit log. */
    public String subject() {
        return kind == Kind.TOPIC ? topic : Right.ALL;
    }
}
