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

/** Walks over ranges of a log and searches them. One walk at a time. Does not close its cursor. */
public final class LogScanner {
    private static final Duration WAIT = Duration.ofMillis(100);

    private final LogCursor cursor;
    private final Supplier<@Nullable RuntimeException> giveUp;
    private final Owners.Known known;

    /**
     * Creates a scanner.
     *
     * @param cursor reads the log
     * @param giveUp called before each fetch; the error that it returns ends the walk, null continues it
     * @param known shows which records their owner did not write: searches skip these, walks pass them to the step
     */
    public LogScanner(LogCursor cursor, Supplier<@Nullable RuntimeException> giveUp, Owners.Known known) {
        this.cursor = cursor;
        this.giveUp = giveUp;
        this.known = known;
    }

    /** Creates a scanner that knows no owners. */
    public LogScanner(LogCursor cursor, Supplier<@Nullable RuntimeException> giveUp) {
        this(cursor, giveUp, Owners.Known.NOTHING);
    }

    /** Returns the log's present range. */
    CompletableFuture<LogCursor.Range> range() {
        return cursor.range();
    }

    /** Passes each visible record from {@code from}, inclusive, to {@code end}, exclusive, and waits until {@code end} is visible. */
    public CompletableFuture<Void> walk(long from, long end, Consumer<LogEntry> each) {
        return walkAsync(from, end, entry -> {
            each.accept(entry);
            return CompletableFuture.completedFuture(null);
        });
    }

    /** The same with an asynchronous step. The next record waits for the step to complete. */
    public CompletableFuture<Void> walkAsync(long from, long end, Step each) {
        return new Walk(from, end, each).run();
    }

    private CompletableFuture<LogCursor.Fetched> fetch(long from) {
        var error = giveUp.get();
        return error == null ? cursor.fetch(from, WAIT) : CompletableFuture.failedFuture(error);
    }

    /**
     * The strides of a backward walk.
     *
     * @param first the offsets of the first stride
     * @param factor how many times as long each next stride is
     */
    public record Strides(long first, long factor) {}

    /**
     * Walks a range backwards, stride by stride. Passes the visible records of each stride in their order.
     *
     * @param start inclusive
     * @param end exclusive, and not above the visible end
     * @param strides the lengths of the strides
     * @param enough called before each stride; returns true to end the walk
     * @param each receives the records
     */
    public CompletableFuture<Void> walkBack(
            long start, long end, Strides strides, BooleanSupplier enough, Consumer<LogEntry> each) {
        return new BackwardWalk(start, end, strides, enough, each).run();
    }

    /**
     * Finds the last visible record of a range that a predicate accepts, by walking backwards.
     *
     * @param start inclusive
     * @param end exclusive, and not above the visible end
     * @return the record, or null if there is none
     */
    CompletableFuture<@Nullable LogEntry> last(long start, long end, Strides strides, Predicate<LogEntry> wanted) {
        return new LastSearch(wanted).run(start, end, strides);
    }

    /** A step of a walk. */
    @FunctionalInterface
    public interface Step {
        /** Takes a record. Completes when the next one may come. */
        CompletableFuture<?> take(LogEntry entry);
    }

    /**
     * Finds the first visible data or snapshot record of a range. Reads no further than that record.
     *
     * @param from inclusive
     * @param end exclusive, and not above the visible end
     * @return the record, or null if there is none
     */
    public CompletableFuture<@Nullable LogEntry> firstNumbered(long from, long end) {
        return first(from, end, entry -> entry.lsn() >= 0 && !known.disowns(entry));
    }

    /** Finds the first visible record of a range that a predicate accepts. Tests each record once, in order, up to that one. */
    public CompletableFuture<@Nullable LogEntry> first(long from, long end, Predicate<LogEntry> wanted) {
        return new FirstSearch(from, end, wanted).run();
    }

    /**
     * Finds the window of the committed view that ends at the present last stable offset.
     *
     * @param ownNonces claims with these nonces do not count for the highest stamp
     */
    public CompletableFuture<LogWindow> lastWindow(Set<String> ownNonces) {
        return cursor.range().thenCompose(range -> windowBelow(range, range.end(), ownNonces));
    }

    /**
     * Finds the window of the committed view below an offset, by stepping back in growing strides (docs/protocol.md#window).
     *
     * @param range the log's present range
     * @param end the end of the window, exclusive
     * @param ownNonces claims with these nonces do not count for the highest stamp
     */
    CompletableFuture<LogWindow> windowBelow(LogCursor.Range range, long end, Set<String> ownNonces) {
        return windowBelow(range, end, ownNonces, end);
    }

    /**
     * The same with a hint how far back the base is, which saves strides.
     *
     * @param range the log's present range
     * @param end the end of the window, exclusive
     * @param ownNonces claims with these nonces do not count for the highest stamp
     * @param base the offset of the base that an earlier search found
     */
    public CompletableFuture<LogWindow> windowBelow(LogCursor.Range range, long end, Set<String> ownNonces, long base) {
        return new WindowSearch(this, known, range, end, ownNonces).startingAt(base);
    }

    /** The state of a walk. */
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

    /** The state of a backward walk. */
    private final class BackwardWalk {
        private final long start;
        private final long factor;
        private final BooleanSupplier enough;
        private final Consumer<LogEntry> each;
        private long at; // the records from this offset on were passed
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

    /** The state of a forward search. */
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

    /** The state of a backward search. */
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
