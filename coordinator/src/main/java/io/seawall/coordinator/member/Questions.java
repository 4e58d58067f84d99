package io.seawall.coordinator.member;

import java.util.Optional;
import java.util.Set;

/** When the group is asked for its members, and its answers. One question is under way at a time. Not thread-safe. */
final class Questions {
    private static final long BETWEEN_MS = 200;

    private final long patienceMs;
    private long nextMs = Long.MIN_VALUE;
    private long number;
    private boolean open;
    private Optional<Set<String>> answer = Optional.empty();

    Questions(long patienceMs) {
        this.patienceMs = patienceMs;
    }

    /** Returns whether to ask now; a question without an answer is given up after some time. */
    boolean isDue(long nowMs) {
        return nowMs >= nextMs;
    }

    /** Notes that a question was asked, and returns its number. */
    long asked(long nowMs) {
        number++;
        open = true;
        nextMs = nowMs + patienceMs;
        return number;
    }

    /**
     * Notes an answer, unless it is too late or its question was withdrawn.
     *
     * @param members the members; empty if the question failed
     * @return whether it counts
     */
    boolean answered(long question, Optional<Set<String>> members, long nowMs) {
        if (question != number || !open) {
            return false;
        }
        open = false;
        nextMs = nowMs + BETWEEN_MS;
        answer = members;
        return members.isPresent();
    }

    /** Forgets the question that is under way: its answer is about a time before the next attempt to coordinate. */
    void withdraw() {
        open = false;
        nextMs = Long.MIN_VALUE;
        answer = Optional.empty();
    }

    /** Returns the last answer, which was not taken yet. */
    Optional<Set<String>> last() {
        return answer;
    }

    /** Returns the last answer, once. */
    Optional<Set<String>> take() {
        var taken = answer;
        answer = Optional.empty();
        return taken;
    }
}
