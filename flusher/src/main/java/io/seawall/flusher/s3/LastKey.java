package io.seawall.flusher.s3;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Finds the highest number in a listing that can only be read forwards, a page at a time, from any number on. Skips numbers
 * that are far below the end, so that a million of them take tens of requests instead of a thousand.
 */
final class LastKey {
    /** A listing. */
    interface Pages {
        /**
         * Lists one page.
         *
         * @param above exclusive
         */
        Page above(long above) throws IOException;
    }

    /**
     * A page of a listing.
     *
     * @param numbers ascending; empty only if there is none above the requested one
     * @param more whether others may follow
     */
    record Page(List<Long> numbers, boolean more) {
        boolean isEmpty() {
            return numbers.isEmpty();
        }

        long last() {
            return numbers.get(numbers.size() - 1);
        }
    }

    private LastKey() {}

    /**
     * Finds the highest number.
     *
     * @param pages the listing
     * @param above where to begin, exclusive; -1 for the beginning
     * @return the highest number above that; empty if there is none
     */
    static OptionalLong find(Pages pages, long above) throws IOException {
        var page = pages.above(above);
        if (page.isEmpty()) {
            return OptionalLong.empty();
        }
        var found = page.last();
        // It is known that no number is above this bound.
        var bound = Long.MAX_VALUE;
        var step = Math.max(1, found - page.numbers().get(0));
        while (page.more() && found < bound) {
            var leap = Math.min(step, (bound - found) / 2);
            var next = pages.above(found + leap);
            if (next.isEmpty()) {
                bound = found + leap;
                step = Math.max(1, leap / 2);
            } else {
                page = next;
                found = page.last();
                step = step > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : step * 2;
            }
        }
        return OptionalLong.of(found);
    }
}
