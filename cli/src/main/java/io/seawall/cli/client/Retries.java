package io.seawall.cli.client;

import io.seawall.wal.Effect;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Sends a request again while a cluster is between two coordinators or owners. For commands in the foreground: it sleeps. */
public final class Retries {
    private static final long FIRST_PAUSE_MS = 100;
    private static final int LONGEST_PAUSE_DOUBLINGS = 3;

    /** The codes of errors that pass by themselves. */
    private static final Set<String> PASSING =
            Set.of("UNAVAILABLE", "SHUTTING_DOWN", "OVERLOADED", NodeClient.UNREACHABLE, "NO_ANSWER");

    private final RetryDeadline deadline;
    private int attempts;

    /**
     * Creates retries.
     *
     * @param deadline how long to retry while nothing succeeds
     */
    public Retries(RetryDeadline deadline) {
        this.deadline = deadline;
    }

    /** Returns whether a failure passes by itself. */
    public static boolean isPassing(NodeFailure failure) {
        return PASSING.contains(failure.code());
    }

    /** Returns whether nothing was sent, because the node to which another one redirects has ended. */
    public static boolean isUnreachable(NodeFailure failure) {
        return failure.code().equals(NodeClient.UNREACHABLE);
    }

    /**
     * Sends a request until it succeeds.
     *
     * @param passing which failures to retry after; the request must have the same effect if it is sent again after one
     * @throws NodeFailure the last failure, if it is none of these or the time is over
     */
    public <T> T until(Supplier<T> request, Predicate<NodeFailure> passing) {
        while (true) {
            try {
                var answer = request.get();
                succeeded();
                return answer;
            } catch (NodeFailure failure) {
                if (!passing.test(failure) || deadline.isOver()) {
                    throw failure;
                }
                pause();
            }
        }
    }

    /** Starts the time and the pauses again after a success. */
    public void succeeded() {
        attempts = 0;
        deadline.renew();
    }

    /** Returns whether the time is over. */
    public boolean isOver() {
        return deadline.isOver();
    }

    /** Waits before the next attempt, longer each time. */
    public void pause() {
        sleep(FIRST_PAUSE_MS << Math.min(attempts, LONGEST_PAUSE_DOUBLINGS));
        attempts++;
    }

    /** Waits. */
    public static void sleep(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeFailure("NO_ANSWER", Effect.UNKNOWN, "interrupted while waiting", e);
        }
    }
}
