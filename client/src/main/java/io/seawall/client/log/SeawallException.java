package io.seawall.client.log;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Every error of the client. {@link #code} states what happened, {@link #effect} whether the log may have changed, and
 * {@link #advice} what to do.
 */
public final class SeawallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final Effect effect;
    private final @Nullable String pchannel;
    private final @Nullable String found;
    private final @Nullable String expected;
    private final Map<String, Long> numbers;
    private final boolean passing;

    private SeawallException(Builder from) {
        super(from.message, from.cause);
        this.code = from.code;
        this.effect = from.effect;
        this.pchannel = from.pchannel;
        this.found = from.found;
        this.expected = from.expected;
        this.numbers = from.numbers;
        this.passing = from.passing;
    }

    /** Collects the parts of an error. For the client's own packages. */
    public static final class Builder {
        private final String code;
        private final String message;
        private Effect effect = Effect.NONE;
        private @Nullable String pchannel;
        private @Nullable String found;
        private @Nullable String expected;
        private @Nullable Throwable cause;
        private Map<String, Long> numbers = Map.of();
        private boolean passing;

        private Builder(String code, String message) {
            this.code = code;
            this.message = message;
        }

        /** Sets whether the operation may have changed the log. */
        public Builder effect(Effect value) {
            effect = value;
            return this;
        }

        /** Sets the log. */
        public Builder pchannel(@Nullable String value) {
            pchannel = value;
            return this;
        }

        /** Sets what was found. */
        public Builder found(@Nullable String value) {
            found = value;
            return this;
        }

        /** Sets what was expected. */
        public Builder expected(@Nullable String value) {
            expected = value;
            return this;
        }

        /** Sets the exception that caused it. */
        public Builder cause(@Nullable Throwable value) {
            cause = value;
            return this;
        }

        /** Sets the numbers that a program can use. */
        public Builder numbers(Map<String, Long> value) {
            numbers = Map.copyOf(value);
            return this;
        }

        /** States that the node offers a later attempt, for codes that this version does not know. */
        public Builder passing(boolean value) {
            passing = value;
            return this;
        }

        /** Returns the exception. */
        public SeawallException build() {
            return new SeawallException(this);
        }
    }

    /** Begins an error without effect. For the client's own packages. */
    public static Builder of(String code, String message) {
        return new Builder(code, message);
    }

    /**
     * Finds the error of the client in what a future throws, which wraps it.
     *
     * @param thrown what was thrown by {@code join} or {@code get}, or given to a callback
     * @return the error; {@link Codes#INTERNAL} with an unknown effect if it is none of the client's
     */
    public static SeawallException from(Throwable thrown) {
        var inner = thrown;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner instanceof SeawallException ours
                ? ours
                : of(Codes.INTERNAL, "the client failed: " + inner)
                        .effect(Effect.UNKNOWN)
                        .cause(inner)
                        .build();
    }

    /** Returns the stable name of the error: one of {@link Codes}, or one that a later version of a node sends. */
    public String code() {
        return code;
    }

    /** Returns whether the code is this one. */
    public boolean is(String other) {
        return code.equals(other);
    }

    /** Returns whether the operation changed the log. */
    public Effect effect() {
        return effect;
    }

    /** Returns the log, or null if the error does not concern one. */
    public @Nullable String pchannel() {
        return pchannel;
    }

    /** Returns what was found, or null if the message says it all. */
    public @Nullable String found() {
        return found;
    }

    /** Returns what was expected, or null. */
    public @Nullable String expected() {
        return expected;
    }

    /** Returns the numbers of the error by name: {@code tail}, {@code oldest}, {@code expectedSeq}, {@code limit}. */
    public Map<String, Long> numbers() {
        return numbers;
    }

    /** Returns one number of the error. */
    public OptionalLong number(String name) {
        var value = numbers.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** Returns what to do about it. An unknown effect comes first: then read the log, whatever the code is. */
    public Advice advice() {
        if (effect == Effect.UNKNOWN) {
            return Advice.READ_LOG;
        }
        return switch (code) {
            case Codes.NOT_FOUND,
                    Codes.INVALID,
                    Codes.TOO_LARGE,
                    Codes.TAIL_MISMATCH,
                    Codes.TRIMMED,
                    Codes.BEYOND_TAIL,
                    Codes.SEQUENCE_GAP,
                    Codes.SESSION_IN_USE,
                    Codes.UNAUTHENTICATED,
                    Codes.FORBIDDEN -> Advice.CHANGE_REQUEST;
            case Codes.TERM_EXPIRED,
                    Codes.FENCED,
                    Codes.NOT_OWNER,
                    Codes.OVERLOADED,
                    Codes.UNAVAILABLE,
                    Codes.SHUTTING_DOWN,
                    Codes.INTERRUPTED -> Advice.RETRY;
            case Codes.OUTCOME_UNKNOWN -> Advice.READ_LOG;
            case Codes.CLOSED -> Advice.REOPEN;
            default -> passing ? Advice.RETRY : Advice.CALL_OPERATOR;
        };
    }
}
