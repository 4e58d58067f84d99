package io.seawall.walkafka;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Tells each trouble once, and once more if it comes back after a look that did not find it. May be used from any thread. */
final class Troubles {
    private Set<String> told = Set.of(); // guarded by this; what the last look found

    /**
     * Notes what a look found.
     *
     * @param now all of it
     * @return what the look before did not find
     */
    synchronized Collection<String> found(Collection<String> now) {
        var fresh = new LinkedHashSet<>(now);
        fresh.removeAll(told);
        told = Set.copyOf(now);
        return fresh;
    }
}
