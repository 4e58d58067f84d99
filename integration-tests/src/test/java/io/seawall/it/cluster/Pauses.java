package io.seawall.it.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Times of one kind, in milliseconds, to be printed and judged. Used by one thread. */
final class Pauses {
    private final String what;
    private final List<Long> millis = new ArrayList<>();

    Pauses(String what) {
        this.what = what;
    }

    void add(long nanos) {
        millis.add(TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    long median() {
        return sorted().get(millis.size() / 2);
    }

    long worst() {
        return Collections.max(millis);
    }

    private List<Long> sorted() {
        return millis.stream().sorted().toList();
    }

    @Override
    public String toString() {
        var all = sorted();
        return millis.isEmpty()
                ? what + ": none"
                : what + ": " + all.size() + " times, least " + all.get(0) + ", median " + median() + ", worst "
                        + worst() + " ms";
    }
}
