package io.seawall.flusher;

import java.io.IOException;

/** An object in the store is not the segment that its name denotes. Reading it again does not help. */
final class MalformedSegmentException extends IOException {
    private final String problem;

    MalformedSegmentException(String problem) {
        super(problem);
        this.problem = problem;
    }

    /** Returns what is wrong with it. */
    String problem() {
        return problem;
    }
}
