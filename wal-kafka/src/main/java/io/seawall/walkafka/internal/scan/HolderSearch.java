package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.admin.LogHolder;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader.Kind;
import io.seawall.walkafka.port.LogCursor;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds the holder of a log: the window gives its stamp, and a claim or snapshot with that stamp gives its name. */
public final class HolderSearch {
    /**
     * How many offsets to look back. By default a log has a snapshot every 16 MiB; further back the name is not worth the reads.
     */
    private static final long FURTHEST = 100_000;

    private static final LogScanner.Strides STRIDES = new LogScanner.Strides(4_096, 1);

    private final LogCursor cursor;
    private final LogScanner scanner;

    public HolderSearch(LogCursor cursor, LogScanner scanner) {
        this.cursor = cursor;
        this.scanner = scanner;
    }

    public CompletableFuture<Optional<LogHolder>> find() {
        return cursor.range()
                .thenCompose(range -> scanner.windowBelow(range, range.end(), Set.of())
                        .thenCompose(window -> window.highestEntry() == null
                                ? CompletableFuture.completedFuture(Optional.empty())
                                : named(range, window).thenApply(Optional::of)));
    }

    private CompletableFuture<LogHolder> named(LogCursor.Range range, LogWindow window) {
        var highest = window.highest();
        if (namesOwner(window.highestEntry(), highest)) {
            return CompletableFuture.completedFuture(holder(highest, window.highestEntry()));
        }
        var stop = Math.max(range.start(), range.end() - FURTHEST);
        return scanner.last(stop, range.end(), STRIDES, entry -> namesOwner(entry, highest))
                .thenApply(named -> holder(highest, named));
    }

    private static boolean namesOwner(@Nullable LogEntry entry, Stamp stamp) {
        var header = entry == null ? null : entry.header();
        return header != null
                && header.stamp().equals(stamp)
                && (header.kind() == Kind.CLAIM || header.kind() == Kind.SNAPSHOT);
    }

    private static LogHolder holder(Stamp stamp, @Nullable LogEntry named) {
        var body = ControlBody.read(named == null ? null : named.data().value());
        return new LogHolder(stamp.term(), stamp.epoch(), body.text("owner"), body.text("url"));
    }
}
