package io.seawall.wal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what went wrong: which operation on what, what was found, what was expected, and how to mend it. Immutable;
 * {@link #exception} turns it into the {@link WalException} that the code's family asks for.
 */
public final class Problem {
    private final ErrorCode code;
    private final String operation;
    private final Effect effect;
    private final @Nullable PChannel pchannel;
    private final @Nullable String found;
    private final @Nullable String expected;
    private final @Nullable String fix;
    private final @Nullable Throwable cause;
    private final Map<String, Long> numbers;

    @SuppressWarnings("TooManyParameters") // the one place that sees all parts; callers use the methods below
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
     * Starts a problem whose effect is none.
     *
     * @param code its code
     * @param operation what was attempted, as a phrase that fits after "cannot": {@code append to orders-3}
     * @return the problem
     */
    public static Problem of(ErrorCode code, String operation) {
        return new Problem(code, operation, Effect.NONE, null, null, null, null, null, Map.of());
    }

    /** Names the log. */
    public Problem pchannel(PChannel value) {
        return new Problem(code, operation, effect, value, found, expected, fix, cause, numbers);
    }

    /** Says whether the operation may have changed the log. */
    public Problem effect(Effect value) {
        return new Problem(code, operation, value, pchannel, found, expected, fix, cause, numbers);
    }

    /** Says what there was. */
    public Problem found(String value) {
        return new Problem(code, operation, effect, pchannel, value, expected, fix, cause, numbers);
    }

    /** Says what there should have been. */
    public Problem expected(String value) {
        return new Problem(code, operation, effect, pchannel, found, value, fix, cause, numbers);
    }

    /** Says what to do about it. */
    public Problem fix(String value) {
        return new Problem(code, operation, effect, pchannel, found, expected, value, cause, numbers);
    }

    /** Keeps what was thrown below. */
    public Problem cause(Throwable value) {
        return new Problem(code, operation, effect, pchannel, found, expected, fix, value, numbers);
    }

    /** Adds a number that a program can use, such as {@code tail}. */
    public Problem with(String name, long value) {
        var more = new LinkedHashMap<>(numbers);
        more.put(name, value);
        return new Problem(code, operation, effect, pchannel, found, expected, fix, cause, Map.copyOf(more));
    }

    /** The exception of the family that the code belongs to. */
    public WalException exception() {
        return switch (code.family()) {
            case REQUEST -> new RequestException(this);
            case OWNERSHIP -> new OwnershipException(this);
            case RETRYABLE -> new RetryableException(this);
            case OUTCOME_UNKNOWN -> new OutcomeUnknownException(this);
            case OPERATOR -> new OperatorException(this);
        };
    }

    /** Its code. */
    public ErrorCode code() {
        return code;
    }

    /** Whether the operation may have changed the log. */
    public Effect effect() {
        return effect;
    }

    /** The log, if one is concerned. */
    public @Nullable PChannel pchannel() {
        return pchannel;
    }

    /** What there was. */
    public @Nullable String found() {
        return found;
    }

    /** What there should have been. */
    public @Nullable String expected() {
        return expected;
    }

    /** Numbers for programs, by name. */
    public Map<String, Long> numbers() {
        return numbers;
    }

    @Nullable
    Throwable cause() {
        return cause;
    }

    /** The whole problem as one sentence. */
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
