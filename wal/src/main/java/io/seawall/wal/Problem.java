package io.seawall.wal;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes an error: the operation and its subject, what was found, what was expected, and how to fix it. Immutable.
 * {@link #exception} returns the {@link WalException} of the code's family.
 */
public final class Problem implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_TEXT = 120;

    private final ErrorCode code;
    private final String operation;
    private final Effect effect;
    private final @Nullable PChannel pchannel;
    private final @Nullable String found;
    private final @Nullable String expected;
    private final @Nullable String fix;
    private final @Nullable Throwable cause;
    private final Map<String, Long> numbers;

    @SuppressWarnings("TooManyParameters") // only the methods below call it
    private Problem(
            ErrorCode code,
            String operation,
            Effect effect,
            @Nullable PChannel pchannel,
            @Nullable String found,
            @Nullable String expected,
            @Nullable String fix,
            @Nullable Throwable cause,
            Map<String, Long> numbers) {
        this.code = code;
        this.operation = operation;
        this.effect = effect;
        this.pchannel = pchannel;
        this.found = found;
        this.expected = expected;
        this.fix = fix;
        this.cause = cause;
        this.numbers = numbers;
    }

    /**
     * Returns a problem whose effect is {@link Effect#NONE}.
     *
     * @param code its code
     * @param operation what was attempted, as a phrase that fits after "cannot": {@code append to orders-3}
     * @return the problem
     */
    public static Problem of(ErrorCode code, String operation) {
        return new Problem(code, operation, Effect.NONE, null, null, null, null, null, Map.of());
    }

    /** Sets the log. */
    public Problem pchannel(PChannel value) {
        return new Problem(code, operation, effect, value, found, expected, fix, cause, numbers);
    }

    /** Sets whether the operation may have changed the log. */
    public Problem effect(Effect value) {
        return new Problem(code, operation, value, pchannel, found, expected, fix, cause, numbers);
    }

    /** Sets what was found. */
    public Problem found(String value) {
        return new Problem(code, operation, effect, pchannel, value, expected, fix, cause, numbers);
    }

    /**
     * Sets what was found to a text from outside, in quotes. Control characters and halves of surrogate pairs are replaced, and
     * the text is cut at 120 characters, so that it is safe in log lines.
     */
    Problem foundText(String text) {
        var cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "..." : text;
        return found("'" + cut.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?") + "'");
    }

    /** Sets what was expected. */
    public Problem expected(String value) {
        return new Problem(code, operation, effect, pchannel, found, value, fix, cause, numbers);
    }

    /** Sets how to fix it. */
    public Problem fix(String value) {
        return new Problem(code, operation, effect, pchannel, found, expected, value, cause, numbers);
    }

    /** Sets the exception that caused it. */
    public Problem cause(Throwable value) {
        return new Problem(code, operation, effect, pchannel, found, expected, fix, value, numbers);
    }

    /** Adds a number that a program can use, such as {@code tail}. */
    public Problem with(String name, long value) {
        var more = new LinkedHashMap<>(numbers);
        more.put(name, value);
        return new Problem(code, operation, effect, pchannel, found, expected, fix, cause, Map.copyOf(more));
    }

    /** Returns the exception of the code's family. */
    public WalException exception() {
        return switch (code.family()) {
            case REQUEST -> new RequestException(this);
            case OWNERSHIP -> new OwnershipException(this);
            case RETRYABLE -> new RetryableException(this);
            case OUTCOME_UNKNOWN -> new OutcomeUnknownException(this);
            case OPERATOR -> new OperatorException(this);
        };
    }

    public ErrorCode code() {
        return code;
    }

    /** Returns whether the operation may have changed the log. */
    public Effect effect() {
        return effect;
    }

    /** Returns the log, or null if the problem does not concern one. */
    public @Nullable PChannel pchannel() {
        return pchannel;
    }

    public @Nullable String found() {
        return found;
    }

    public @Nullable String expected() {
        return expected;
    }

    /** Returns numbers that a program can use, by name. */
    public Map<String, Long> numbers() {
        return numbers;
    }

    @Nullable
    Throwable cause() {
        return cause;
    }

    /** Returns the whole problem as one sentence. */
    public String message() {
        var text = new StringBuilder("cannot ").append(operation);
        if (found != null) {
            text.append(": found ").append(found);
        }
        if (expected != null) {
            text.append(found == null ? ": expected " : ", expected ").append(expected);
        }
        if (fix != null) {
            text.append("; ").append(fix);
        }
        return text.toString();
    }
}
