package io.seawall.kafkasim;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What came of a seed.
 *
 * @param seed its number
 * @param violation the first broken promise, or null
 * @param trace what happened, if it was traced
 * @param steps how many steps it had
 * @param counts what it met
 */
record SeedReport(long seed, @Nullable String violation, String trace, int steps, Counts counts) {
    /**
     * What a run, or a batch of runs, met. A batch in which one of the numbers is 0 proves little.
     *
     * @param acknowledged appends
     * @param fences lanes that were told that they lost their id
     * @param aborted records whose transaction was aborted
     * @param staleReads cursors on deposed leaders
     * @param unknown appends with an unknown outcome
     * @param republished copies in the log
     * @param timeouts transactions that ran into their time-out
     * @param rotations producer ids that were used up
     */
    record Counts(
            long acknowledged,
            long fences,
            long aborted,
            long staleReads,
            long unknown,
            long republished,
            long timeouts,
            long rotations) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

        Counts plus(Counts more) {
            var sum = IntStream.range(0, numbers().size())
                    .mapToObj(at -> numbers().get(at) + more.numbers().get(at))
                    .toList();
            return new Counts(
                    sum.get(0), sum.get(1), sum.get(2), sum.get(3), sum.get(4), sum.get(5), sum.get(6), sum.get(7));
        }

        private List<Long> numbers() {
            return List.of(acknowledged, fences, aborted, staleReads, unknown, republished, timeouts, rotations);
        }

        boolean isComplete() {
            return numbers().stream().allMatch(number -> number > 0);
        }
    }
}
