package io.seawall.walkafka.internal.scan;

import io.seawall.walkafka.internal.serial.Loop;
import io.seawall.walkafka.port.LogCursor;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Searches a window's base in a growing range below the window's end (docs/protocol.md#window). Used once. */
final class WindowSearch {
    private static final long FIRST_SPAN = 8;
    private static final long SPAN_FACTOR = 8;

    private final LogScanner scanner;
    private final Owners.Known known;
    private final LogCursor.Range range;
    private final long end;
    private final Set<String> ownNonces;
    private long span = FIRST_SPAN;
    private WindowBuilder window;

    WindowSearch(LogScanner scanner, Owners.Known known, LogCursor.Range range, long end, Set<String> ownNonces) {
        this.scanner = scanner;
        this.known = known;
        this.range = range;
        this.end = end;
        this.ownNonces = ownNonces;
        this.window = windowFrom(end);
    }

    /** Completes with the window. The first range reaches back to {@code base} at least. */
    CompletableFuture<LogWindow> startingAt(long base) {
        span = Math.max(FIRST_SPAN, end - base);
        return Loop.until(() -> window.isComplete(), this::readSpan).thenApply(done -> window.build(end));
    }

    private CompletableFuture<Void> readSpan() {
        var from = Math.max(range.start(), end - span);
        span *= SPAN_FACTOR;
        var wider = windowFrom(from);
        return scanner.walk(from, end, wider::add).thenRun(() -> window = wider);
    }

    private WindowBuilder windowFrom(long from) {
        return new WindowBuilder(range.start(), from, ownNonces, known);
    }
}
