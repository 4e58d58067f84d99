package io.seawall.flusher.segment;

import java.io.IOException;

/** An object in the store is not the segment that its name denotes. Reading it again does not help. */
public final class MalformedSegmentException extends IOException {
    private final String problem;

    public MalformedSegmentException(String problem) {
        super(problem);
        this.problem = problem;
    }

    /** Returns what is wrong with it. */
    public String problem() {
        return problem;
    }
}
