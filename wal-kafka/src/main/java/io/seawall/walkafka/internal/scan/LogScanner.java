package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.serial.Loop;
import io.seawall.walkafka.port.LogCursor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Walks over stretches of a log. One walk at a time; does not close its cursor. */
public final class LogScanner {
    private static final Duration WAIT = Duration.ofMillis(100);

    private final LogCursor cursor;
    private final Supplier<@Nullable RuntimeException> giveUp;
    private final Owners.Known known;

    /**
     * A scanner.
     *
     * @param cursor what it reads with
     * @param giveUp asked between fetches; what it gives ends the walk
     * @param known which records are known not to be their owner's: searches pass over them, walks show them
     */
    public LogScanner(LogCursor cursor, Supplier<@Nullable RuntimeException> giveUp, Owners.Known known) {
        this.cursor = cursor;
        this.giveUp = giveUp;
        this.known = known;
    }

    /** One that knows of no owner. */
    public LogScanner(LogCursor cursor, Supplier<@Nullable RuntimeException> giveUp) {
        this(cursor, giveUp, Owners.Known.NOTHING);
    }

    /** The log's present range. */
    CompletableFuture<LogCursor.Range> range() {
        return cursor.range();
    }

    /** Gives every visible record from {@code from}, inclusive, to {@code end}, exclusive; waits until {@code end} is visible. */
    public CompletableFuture<Void> walk(long from, long end, Consumer<LogEntry> each) {
        return walkAsync(from, end, entry -> {
            each.accept(entry);
            return CompletableFuture.completedFuture(null);
        });
    }

    /** The same, with a step that takes its time: the next record waits for it. */
    public CompletableFuture<Void> walkAsync(long from, long end, Step each) {
        return new Walk(from, end, each).run();
    }

    private CompletableFuture<LogCursor.Fetched> fetch(long from) {
        var error = giveUp.get();
        return error == null ? cursor.fetch(from, WAIT) : CompletableFuture.failedFuture(error);
    }

    /**
     * Strides of a walk that goes back.
     *
     * @param first how many offsets the first one has
     * @param factor how many times as long each next one is
     */
    public record Strides(long first, long factor) {}

    /**
     * Gives the visible records of a stretch from its end back, stride by stride; those of one stride in their order.
     *
     * @param start inclusive
     * @param end exclusive, and not above what is visible
     * @param enough asked before each stride
     */
    public CompletableFuture<Void> walkBack(
            long start, long end, Strides strides, BooleanSupplier enough, Consumer<LogEntry> each) {
        return new BackwardWalk(start, end, strides, enough, each).run();
    }

    /**
     * The last visible record of a stretch that is wanted, found by walking back stride by stride.
     *
     * @param start inclusive
     * @param end exclusive, and not above what is visible
     * @return the record, or null if there is none
     */
    CompletableFuture<@Nullable LogEntry> last(long start, long end, Strides strides, Predicate<LogEntry> wanted) {
        return new LastSearch(wanted).run(start, end, strides);
    }

    /** Takes one record. */
    @FunctionalInterface
    public interface Step {
        /** Completes when the next record may come. */
        CompletableFuture<?> take(LogEntry entry);
    }

    /**
     * The first visible data or snapshot record of a stretch; reads no further than it must.
     *
     * @param from inclusive
     * @param end exclusive, and not above what is visible
     * @return the record, or null if there is none
     */
    public CompletableFuture<@Nullable LogEntry> firstNumbered(long from, long end) {
        return first(from, end, entry -> entry.lsn() >= 0 && !known.disowns(entry));
    }

    /** The first visible record of a stretch that is wanted; shows each record once, in order, up to that one. */
    public CompletableFuture<@Nullable LogEntry> first(long from, long end, Predicate<LogEntry> wanted) {
        return new FirstSearch(from, end, wanted).run();
    }

    /**
     * The window of the committed view that ends at the last stable offset of this moment.
     *
     * @param ownNonces claims with these are left out of the highest stamp
     */
    public CompletableFuture<LogWindow> lastWindow(Set<String> ownNonces) {
        return cursor.range().thenCompose(range -> windowBelow(range, range.end(), ownNonces));
    }

    /**
     * The window of the committed view below an offset, found by stepping back in growing strides. A claim never ends it, as it
     * may be a loser's.
     *
     * @param range the log's present range
     * @param end where to look from, exclusive
     * @param ownNonces claims with these are left out of the highest stamp
     */
    CompletableFuture<LogWindow> windowBelow(LogCursor.Range range, long end, Set<String> ownNonces) {
        return windowBelow(range, end, ownNonces, end);
    }

    /**
     * The same, where an earlier look tells how far back it goes.
     *
     * @param range the log's present range
     * @param end where to look from, exclusive
     * @param ownNonces claims with these are left out of the highest stamp
     * @param base where that look found a base; only saves strides
     */
    public CompletableFuture<LogWindow> windowBelow(LogCursor.Range range, long end, Set<String> ownNonces, long base) {
        return new WindowSearch(this, known, range, end, ownNonces).startingAt(base);
    }

    /** A walk under way. */
    private final class Walk {
        private final long end;
        private final Step each;
        private long next;

        Walk(long from, long end, Step each) {
            this.next = from;
            this.end = end;
            this.each = each;
        }

        CompletableFuture<Void> run() {
            return Loop.until(() -> next >= end, () -> fetch(next).thenCompose(this::take));
        }

        private CompletableFuture<Void> take(LogCursor.Fetched fetched) {
            next = fetched.next();
            var records = fetched.records().stream()
                    .takeWhile(record -> record.offset() < end)
                    .iterator();
            return Loop.until(() -> !records.hasNext(), () -> each.take(LogEntry.of(records.next())));
        }
    }

    /** A walk back under way. */
    private final class BackwardWalk {
        private final long start;
        private final long factor;
        private final BooleanSupplier enough;
        private final Consumer<LogEntry> each;
        private long at; // from here on everything was given
        private long stride;

        BackwardWalk(long start, long end, Strides strides, BooleanSupplier enough, Consumer<LogEntry> each) {
            this.start = start;
            this.at = end;
            this.stride = strides.first();
            this.factor = strides.factor();
            this.enough = enough;
            this.each = each;
        }

        CompletableFuture<Void> run() {
            return Loop.until(() -> enough.getAsBoolean() || at <= start, this::goBack);
        }

        private CompletableFuture<Void> goBack() {
            var end = at;
            at = Math.max(start, end - stride);
            stride *= factor;
            return walk(at, end, each);
        }
    }

    /** A search forward under way. */
    private final class FirstSearch {
        private final long end;
        private final Predicate<LogEntry> wanted;
        private long next;
        private @Nullable LogEntry found;

        FirstSearch(long from, long end, Predicate<LogEntry> wanted) {
            this.next = from;
            this.end = end;
            this.wanted = wanted;
        }

        CompletableFuture<@Nullable LogEntry> run() {
            return Loop.until(
                            () -> found != null || next >= end,
                            () -> fetch(next).thenAccept(this::take))
                    .thenApply(done -> found);
        }

        private void take(LogCursor.Fetched fetched) {
            next = fetched.next();
            found = fetched.records().stream()
                    .map(LogEntry::of)
                    .takeWhile(entry -> entry.offset() < end)
                    .filter(wanted)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** A search backward under way. */
    private final class LastSearch {
        private final Predicate<LogEntry> wanted;
        private @Nullable LogEntry found;

        LastSearch(Predicate<LogEntry> wanted) {
            this.wanted = wanted;
        }

        CompletableFuture<@Nullable LogEntry> run(long start, long end, Strides strides) {
            return walkBack(start, end, strides, () -> found != null, this::take)
                    .thenApply(done -> found);
        }

        private void take(LogEntry entry) {
            if (wanted.test(entry)) {
                found = entry;
            }
        }
    }
}
