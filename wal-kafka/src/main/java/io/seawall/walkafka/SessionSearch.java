package io.seawall.walkafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.WalHeader.Kind;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the committed view knows beside its records: the last committed snapshot, and the writer sessions of it and of what
 * was written behind it (docs/protocol.md#opening, step 4, and docs/protocol.md#writer-sessions). How much it reads is bounded by
 * {@code wal.snapshot.bytes}, not by the log's length.
 */
final class SessionSearch {
    private static final long FIRST_STEP = 1_024;

    private final PChannel pchannel;
    private final LogScanner scanner;
    private final WriterSessions.Bounds bounds;

    /**
     * A search.
     *
     * @param pchannel the log
     * @param scanner reads its committed view
     * @param bounds how much is remembered
     */
    SessionSearch(PChannel pchannel, LogScanner scanner, WriterSessions.Bounds bounds) {
        this.pchannel = pchannel;
        this.scanner = scanner;
        this.bounds = bounds;
    }

    /**
     * What the committed view says beside its records.
     *
     * @param sessions the writer sessions as they stand behind the window's last record
     * @param snapshot the body of the last committed snapshot; one without members if there is none
     */
    record Found(WriterSessions sessions, ControlBody snapshot) {}

    /** Looks through a window, and as far before it as the last snapshot is. */
    CompletableFuture<Found> find(LogWindow window) {
        var named = window.snapshotOffset();
        var first = named < window.start() ? CompletableFuture.completedFuture(new Replay()) : replay(named, window);
        return first.thenCompose(replay -> replay.startedAt == named
                        ? CompletableFuture.completedFuture(replay)
                        : lastSnapshot(window).thenCompose(start -> replay(start, window)))
                .thenApply(Replay::found);
    }

    private CompletableFuture<Replay> replay(long from, LogWindow window) {
        var replay = new Replay();
        return scanner.walk(from, window.end(), replay::take).thenApply(walked -> replay);
    }

    /** The offset of the last committed snapshot, found by stepping back; the log's start if there is none. */
    private CompletableFuture<Long> lastSnapshot(LogWindow window) {
        var found = new LastSnapshot();
        var step = new long[] {FIRST_STEP};
        var end = new long[] {window.end()};
        return Loop.until(() -> found.offset >= 0 || end[0] <= window.start(), () -> {
                    var from = Math.max(window.start(), end[0] - step[0]);
                    var walked = scanner.walk(from, end[0], found::see);
                    end[0] = from;
                    step[0] *= 2;
                    return walked;
                })
                .thenApply(done -> Math.max(found.offset, window.start()));
    }

    private static final class LastSnapshot {
        private long offset = -1;

        void see(LogEntry entry) {
            if (entry.header() != null && entry.header().kind() == Kind.SNAPSHOT) {
                offset = entry.offset();
            }
        }
    }

    /** Goes from a snapshot, or the log's start, through the committed view. */
    private final class Replay {
        private static final long NOTHING_SEEN = -2;

        private @Nullable SessionReplay at;
        private long startedAt = NOTHING_SEEN; // the offset of the snapshot that came first, or -1 if other records did
        private byte @Nullable [] snapshot; // the body of the last one

        void take(LogEntry entry) {
            Formats.check(pchannel, entry);
            var isSnapshot = entry.header() != null && entry.header().kind() == Kind.SNAPSHOT;
            if (startedAt == NOTHING_SEEN) {
                startedAt = isSnapshot ? entry.offset() : -1;
            }
            if (isSnapshot) {
                at = new SessionReplay(read(entry));
                snapshot = entry.data().value();
            } else {
                current().take(entry);
            }
        }

        private SessionReplay current() {
            if (at == null) {
                at = new SessionReplay(new WriterSessions(bounds));
            }
            return at;
        }

        Found found() {
            return new Found(current().sessions(), ControlBody.read(snapshot));
        }
    }

    private WriterSessions read(LogEntry snapshot) {
        try {
            return new WriterSessions(
                    bounds, ControlBody.sessions(snapshot.data().value()));
        } catch (IOException e) {
            throw Problem.of(ErrorCode.INTERNAL, "open " + pchannel)
                    .pchannel(pchannel)
                    .found("a snapshot at offset " + snapshot.offset() + " that cannot be read: " + shown(e))
                    .expected("the writer sessions as this version writes them")
                    .fix("open the log with the version that wrote it, or a later one")
                    .cause(e)
                    .exception();
        }
    }

    private static String shown(IOException error) {
        return error instanceof JsonProcessingException json
                ? json.getOriginalMessage()
                : String.valueOf(error.getMessage());
    }
}
