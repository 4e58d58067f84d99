package io.seawall.lifetime;

import java.util.ArrayList;
import java.util.List;

/**
 * The calls that the fakes of one test received, in order: {@code open orders-0 7}, {@code register orders-0 7} and so on.
 */
final class Journal {
    private final List<String> entries = new ArrayList<>();

    synchronized void add(String entry) {
        entries.add(entry);
    }

    synchronized List<String> entries() {
        return List.copyOf(entries);
    }

    /** Returns the calls for one pchannel, without its name. */
    List<String> of(String pchannel) {
        return entries().stream()
                .filter(entry -> entry.contains(" " + pchannel + " "))
                .map(entry -> entry.replace(" " + pchannel, ""))
                .toList();
    }
}
