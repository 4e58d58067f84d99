package io.seawall.kafkasim;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The result of a seed.
 *
 * @param seed its number
 * @param violation the first broken promise, or null
 * @param trace the trace, if the run was traced
 * @param steps how many steps it had
 * @param counts the events that it covered
 */
record SeedReport(long seed, @Nullable String violation, String trace, int steps, Counts counts) {
    /**
     * Counts the events that a run or a batch of runs covered. A batch in which one of them is 0 proves little.
     *
     * @param acknowledged appends
     * @param fences lanes that learned that they lost their id
     * @param aborted records whose transaction was aborted
     * @param staleReads cursors on deposed leaders
     * @param unknown appends with an unknown outcome
     * @param republished copies in the log
     * @param timeouts transactions that timed out
     * @param rotations producer ids that were used up
     * @param inPlace claims by which an owner took its log back
     * @param resent appends that were acknowledged at a later epoch than the one at which they were made
     * @param repeated batches of sessions that were sent again and written once
     * @param mismatches conditional appends whose condition did not hold
     * @param gaps batches of sessions that failed because an earlier one was missing or their session was forgotten
     */
    record Counts(
            long acknowledged,
            long fences,
            long aborted,
            long staleReads,
            long unknown,
            long republished,
            long timeouts,
            long rotations,
            long inPlace,
            long resent,
            long repeated,
            long mismatches,
            long gaps) {
        private static final List<String> NAMES = Arrays.stream(Counts.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();

        static final Counts NONE = of(new long[13]);

        private static Counts of(long... of) {
            return new Counts(
                    of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7], of[8], of[9], of[10], of[11], of[12]);
        }

        Counts plus(Counts more) {
            return of(IntStream.range(0, numbers().size())
                    .mapToLong(at -> numbers().get(at) + more.numbers().get(at))
                    .toArray());
        }

        private List<Long> numbers() {
            return List.of(
                    acknowledged,
                    fences,
                    aborted,
                    staleReads,
                    unknown,
                    republished,
                    timeouts,
                    rotations,
                    inPlace,
                    resent,
                    repeated,
                    mismatches,
                    gaps);
        }

        /** Returns the names of the counts that are 0. */
        List<String> missing() {
            return IntStream.range(0, NAMES.size())
                    .filter(at -> numbers().get(at) == 0)
                    .mapToObj(NAMES::get)
                    .toList();
        }
    }
}
