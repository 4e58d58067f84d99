package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeader.Kind;
import io.seawall.walkafka.internal.serial.Loop;
import io.seawall.walkafka.port.LogCursor;
import java.time.Duration;
import java.util.HashSet;
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
    private static final long FIRST_SPAN = 8;
    private static final long SPAN_FACTOR = 8;

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
        var at = new long[] {from};
        return Loop.until(() -> at[0] >= end, () -> {
            var error = giveUp.get();
            if (error != null) {
                return CompletableFuture.failedFuture(error);
            }
            return cursor.fetch(at[0], WAIT).thenCompose(fetched -> {
                at[0] = fetched.next();
                return feed(fetched, end, each);
            });
        });
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
        var at = new long[] {end};
        var stride = new long[] {strides.first()};
        return Loop.until(() -> enough.getAsBoolean() || at[0] <= start, () -> {
            var to = at[0];
            at[0] = Math.max(start, to - stride[0]);
            stride[0] *= strides.factor();
            return walk(at[0], to, each);
        });
    }

    /** Takes one record. */
    @FunctionalInterface
    public interface Step {
        /** Completes when the next record may come. */
        CompletableFuture<?> take(LogEntry entry);
    }

    private static CompletableFuture<Void> feed(LogCursor.Fetched fetched, long end, Step each) {
        var records = fetched.records();
        var index = new int[1];
        return Loop.until(
                () -> index[0] >= records.size() || records.get(index[0]).offset() >= end,
                () -> each.take(LogEntry.of(records.get(index[0]++))));
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
        var at = new long[] {from};
        var found = new LogEntry[1];
        return Loop.until(() -> found[0] != null || at[0] >= end, () -> {
                    var error = giveUp.get();
                    if (error != null) {
                        return CompletableFuture.failedFuture(error);
                    }
                    return cursor.fetch(at[0], WAIT).thenAccept(fetched -> {
                        at[0] = fetched.next();
                        found[0] = fetched.records().stream()
                                .map(LogEntry::of)
                                .takeWhile(entry -> entry.offset() < end)
                                .filter(wanted)
                                .findFirst()
                                .orElse(null);
                    });
                })
                .thenApply(done -> found[0]);
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
        var span = new long[] {Math.max(FIRST_SPAN, end - base)};
        var found = new WindowBuilder[1];
        return Loop.until(() -> found[0] != null && found[0].isComplete(), () -> {
                    var from = Math.max(range.start(), end - span[0]);
                    span[0] *= SPAN_FACTOR;
                    var builder = new WindowBuilder(range.start(), from, ownNonces, known);
                    return walk(from, end, builder::add).thenRun(() -> found[0] = builder);
                })
                .thenApply(done -> found[0].build(end));
    }

    /**
     * Passes over records that another program wrote with Seawall's headers where the window shows it: stamps and numbers only grow
     * along the committed view.
     */
    private static final class WindowBuilder {
        private final long start;
        private final long from;
        private final Set<String> ownNonces;
        private final Owners.Known known;
        private final Growth growth = new Growth();
        private Stamp highest = Stamp.NONE;
        private @Nullable LogEntry highestEntry;
        private @Nullable LogEntry anchor;
        private @Nullable LogEntry base;
        private long lastTimestampMs;
        private long snapshotOffset = -1;

        WindowBuilder(long start, long from, Set<String> ownNonces, Owners.Known known) {
            this.start = start;
            this.from = from;
            this.ownNonces = new HashSet<>(ownNonces);
            this.known = known;
        }

        void add(LogEntry entry) {
            var header = entry.header();
            if (header == null || known.disowns(entry) || !growth.takes(header)) {
                return;
            }
            lastTimestampMs = Math.max(lastTimestampMs, entry.timestampMs());
            snapshotOffset = Math.max(snapshotOffset, snapshotNamedBy(entry, header.kind()));
            if (header.kind() == Kind.DATA || header.kind() == Kind.SNAPSHOT) {
                anchor = entry;
                base = header instanceof WalHeader.Data data && data.copy() ? base : entry;
            }
            if (header.kind() == Kind.CLAIM && isOwn(entry)) {
                return;
            }
            var order = header.stamp().compareTo(highest);
            if (order > 0 || (order == 0 && header.kind() == Kind.CLAIM)) {
                highest = header.stamp();
                highestEntry = entry;
            }
        }

        private static long snapshotNamedBy(LogEntry entry, Kind kind) {
            return switch (kind) {
                case SNAPSHOT -> entry.offset();
                case LEASE -> ControlBody.read(entry.data().value()).number("snapshotOffset", -1);
                case DATA, CLAIM -> -1;
            };
        }

        private boolean isOwn(LogEntry claim) {
            var nonce = claim.nonce();
            return nonce != null && ownNonces.contains(nonce);
        }

        boolean isComplete() {
            return (base != null && !growth.isUnsure()) || from <= start;
        }

        LogWindow build(long end) {
            return new LogWindow(start, end, highest, highestEntry, anchor, base, lastTimestampMs, snapshotOffset);
        }
    }
}
