package io.seawall.walkafka.internal.client;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reports each problem once, and again if it returns after a check that did not find it. Thread-safe. */
final class ReportedProblems {
    private Set<String> reported = Set.of(); // guarded by this; found by the last check

    /**
     * Notes the result of a check.
     *
     * @param now all problems that it found
     * @return those that the check before did not find
     */
    synchronized Collection<String> found(Collection<String> now) {
        var fresh = new LinkedHashSet<>(now);
        fresh.removeAll(reported);
        reported = Set.copyOf(now);
        return fresh;
    }
}
