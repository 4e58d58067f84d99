package io.seawall.flusher.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.s3.LastKey.Page;
import java.io.IOException;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastKeyTest {
    /** Ordered numbers with a fixed page size. */
    private static final class Listing implements LastKey.Pages {
        private final NavigableSet<Long> numbers;
        private final int pageSize;
        private int requests;

        Listing(LongStream numbers, int pageSize) {
            this.numbers = numbers.boxed().collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
            this.pageSize = pageSize;
        }

        @Override
        public Page above(long above) throws IOException {
            requests++;
            var rest = numbers.tailSet(above, false);
            return new Page(rest.stream().limit(pageSize).toList(), rest.size() > pageSize);
        }
    }

    @Test
    void anEmptyListingHasNoLastKey() throws Exception {
        assertThat(LastKey.find(new Listing(LongStream.of(), 3), -1)).isEmpty();
        assertThat(LastKey.find(new Listing(LongStream.of(1, 2), 3), 2)).isEmpty();
    }

    @Test
    void onePageIsOneRequest() throws Exception {
        var listing = new Listing(LongStream.of(0, 5, 9), 3);

        assertThat(LastKey.find(listing, -1)).hasValue(9);
        assertThat(listing.requests).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 60_000, 1L << 40})
    void findsTheLastOfAHundredThousandWithLessThan40Requests(long distance) throws Exception {
        var listing = new Listing(LongStream.range(0, 100_000).map(segment -> segment * distance), 100);

        assertThat(LastKey.find(listing, -1)).hasValue(99_999 * distance);
        assertThat(listing.requests).as("of a thousand pages").isLessThan(40);
    }

    @Test
    void findsOneFarAway() throws Exception {
        var listing = new Listing(LongStream.of(0, 1, 2, 3, Long.MAX_VALUE), 2);

        assertThat(LastKey.find(listing, -1)).hasValue(Long.MAX_VALUE);
    }

    /** The store reports "more" although only other objects follow. */
    @Test
    void endsEvenIfTheListingPromisesMoreForEver() throws Exception {
        Predicate<Long> any = number -> number < 10;
        LastKey.Pages pages = above -> {
            var found = LongStream.range(Math.max(0, above + 1), 10)
                    .boxed()
                    .filter(any)
                    .limit(2)
                    .toList();
            return new Page(found, true);
        };

        assertThat(LastKey.find(pages, -1)).hasValue(9);
    }

    @RepeatedTest(name = "seed {currentRepetition}", value = 200)
    void findsTheHighestOfAnyNumbers(RepetitionInfo repetition) throws Exception {
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        var count = random.nextInt(60);
        var bits = 1 + random.nextInt(62);
        var listing = new Listing(random.longs(count, 0, 1L << bits), 1 + random.nextInt(8));
        var above = random.nextLong(-1, 1L << bits);

        var found = LastKey.find(listing, above);

        var rest = listing.numbers.tailSet(above, false);
        assertThat(found).isEqualTo(rest.isEmpty() ? OptionalLong.empty() : OptionalLong.of(rest.last()));
        assertThat(listing.requests).isLessThan(200);
    }

    @Test
    void aListingOfNothingAboveIsNotAskedTwice() throws Exception {
        var listing = new Listing(List.of(1L).stream().mapToLong(Long::longValue), 1);

        assertThat(LastKey.find(listing, 1)).isEmpty();
        assertThat(listing.requests).isEqualTo(1);
    }
}
