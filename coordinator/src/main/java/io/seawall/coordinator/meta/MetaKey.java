package io.seawall.coordinator.meta;

import io.seawall.wal.PChannel;
import io.seawall.wal.RequestException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The key of a record in the meta topic: its kind, and what it is about. The text form is {@code <kind>/<subject>}, as in
 * {@code assignment/orders-3}; the coordinator's own record has no subject.
 *
 * @param kind the kind of record
 * @param subject what it is about; empty for {@link Kind#COORDINATOR} only
 */
public record MetaKey(Kind kind, String subject) implements Comparable<MetaKey> {
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern INCARNATION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final String ALL = "all";
    private static final String NODE_PREFIX = "node/";
    private static final String PCHANNEL_PREFIX = "pchannel/";
    private static final Comparator<MetaKey> ORDER =
            Comparator.comparing(MetaKey::kind).thenComparing(MetaKey::subject);

    /** The kinds of records. */
    public enum Kind {
        /** Who coordinates, and its last decision. */
        COORDINATOR,
        /** A topic and its number of pchannels. */
        TOPIC,
        /** The owner of a pchannel. */
        ASSIGNMENT,
        /** A node's process and its address. */
        NODE,
        /** A process that is taken for dead. */
        SUSPICION,
        /** A node that an operator empties. */
        DRAIN,
        /** The node on which an operator wants a pchannel. */
        PIN,
        /** Moves that an operator forbids. */
        FREEZE,
        /** What a node reports about a pchannel. */
        STATUS;

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the key of the coordinator's own record. */
    public static MetaKey coordinator() {
        return new MetaKey(Kind.COORDINATOR, "");
    }

    /** Returns the key of a topic. */
    public static MetaKey topic(String name) {
        return new MetaKey(Kind.TOPIC, name);
    }

    /** Returns the key of a pchannel's assignment. */
    public static MetaKey assignment(PChannel pchannel) {
        return new MetaKey(Kind.ASSIGNMENT, pchannel.toString());
    }

    /** Returns the key of a node. */
    public static MetaKey node(String id) {
        return new MetaKey(Kind.NODE, id);
    }

    /** Returns the key of the suspicion of a node. */
    public static MetaKey suspicion(String node) {
        return new MetaKey(Kind.SUSPICION, node);
    }

    /** Returns the key of the drain of a node. */
    public static MetaKey drain(String node) {
        return new MetaKey(Kind.DRAIN, node);
    }

    /** Returns the key of a pchannel's pin. */
    public static MetaKey pin(PChannel pchannel) {
        return new MetaKey(Kind.PIN, pchannel.toString());
    }

    /** Returns the key of the freeze of all moves. */
    public static MetaKey freezeAll() {
        return new MetaKey(Kind.FREEZE, ALL);
    }

    /** Returns the key of the freeze of a node. */
    public static MetaKey freezeNode(String node) {
        return new MetaKey(Kind.FREEZE, NODE_PREFIX + node);
    }

    /** Returns the key of the freeze of a pchannel. */
    public static MetaKey freezePChannel(PChannel pchannel) {
        return new MetaKey(Kind.FREEZE, PCHANNEL_PREFIX + pchannel);
    }

    /** Returns the node whose freeze has this key; empty if it is another key. */
    public Optional<String> frozenNode() {
        return kind == Kind.FREEZE && subject.startsWith(NODE_PREFIX)
                ? Optional.of(subject.substring(NODE_PREFIX.length()))
                : Optional.empty();
    }

    /** Returns the pchannel whose freeze has this key; empty if it is another key. */
    public Optional<PChannel> frozenPChannel() {
        return kind == Kind.FREEZE && subject.startsWith(PCHANNEL_PREFIX)
                ? pchannelOf(subject.substring(PCHANNEL_PREFIX.length()))
                : Optional.empty();
    }

    /** Returns the key under which an incarnation of a node reports about a pchannel. */
    public static MetaKey status(PChannel pchannel, String incarnation) {
        return new MetaKey(Kind.STATUS, pchannel + "/" + incarnation);
    }

    /**
     * Parses a key.
     *
     * @param text the key as it is in the topic
     * @return the key; empty if this version does not know the kind, or the subject is none of that kind
     */
    public static Optional<MetaKey> parse(String text) {
        var cut = text.indexOf('/');
        var kindText = cut < 0 ? text : text.substring(0, cut);
        var subject = cut < 0 ? "" : text.substring(cut + 1);
        for (var kind : Kind.values()) {
            if (kind.text().equals(kindText)) {
                var key = new MetaKey(kind, subject);
                return key.isValid() && key.toString().equals(text) ? Optional.of(key) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Returns whether a text may be the id of a node. */
    public static boolean isNode(String text) {
        return NODE.matcher(text).matches();
    }

    /** Returns whether a text may name a node's process. */
    public static boolean isIncarnation(String text) {
        return INCARNATION.matcher(text).matches();
    }

    private boolean isValid() {
        return switch (kind) {
            case COORDINATOR -> subject.isEmpty();
            case TOPIC -> pchannelOf(subject + "-0").isPresent();
            case ASSIGNMENT, PIN -> pchannelOf(subject).isPresent();
            case NODE, SUSPICION, DRAIN -> isNode(subject);
            case FREEZE ->
                subject.equals(ALL)
                        || (subject.startsWith(NODE_PREFIX) && isNode(subject.substring(NODE_PREFIX.length())))
                        || (subject.startsWith(PCHANNEL_PREFIX)
                                && pchannelOf(subject.substring(PCHANNEL_PREFIX.length()))
                                        .isPresent());
            case STATUS -> {
                var cut = subject.indexOf('/');
                yield cut > 0
                        && pchannelOf(subject.substring(0, cut)).isPresent()
                        && isIncarnation(subject.substring(cut + 1));
            }
        };
    }

    /**
     * Returns the pchannel of an assignment, a pin or a status.
     *
     * @throws IllegalStateException for a key of another kind
     */
    PChannel pchannel() {
        var name = kind == Kind.STATUS ? subject.substring(0, subject.indexOf('/')) : subject;
        return pchannelOf(name).orElseThrow(() -> new IllegalStateException("no pchannel in the key " + this));
    }

    /** Returns the incarnation of a status. */
    String incarnation() {
        return subject.substring(subject.indexOf('/') + 1);
    }

    private static Optional<PChannel> pchannelOf(String text) {
        try {
            return Optional.of(PChannel.parse(text));
        } catch (RequestException notOne) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(MetaKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return subject.isEmpty() ? kind.text() : kind.text() + "/" + subject;
    }
}
