package io.seawall.walkafka.internal.scan;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.LiveRule.Position;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.WalHeader.Kind;
import io.seawall.walkafka.internal.format.WriterSessions;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Finds the last committed snapshot and the writer sessions: those in the snapshot, updated by the records behind it
 * (docs/protocol.md#opening, step 4, and docs/protocol.md#writer-sessions). It reads about {@code wal.snapshot.bytes}, however long
 * the log is.
 */
public final class SessionSearch {
    private static final LogScanner.Strides STRIDES = new LogScanner.Strides(1_024, 2);

    /** How many offsets before a snapshot are read too, in the same fetch, to see whether the snapshot follows from them. */
    private static final long LOOK_BACK = 8;

    private final String operation;
    private final PChannel pchannel;
    private final LogScanner scanner;
    private final WriterSessions.Bounds bounds;
    private final Owners.Known known;

    /**
     * Creates a search.
     *
     * @param operation the operation, for errors
     * @param pchannel the log
     * @param scanner reads the log's committed view
     * @param bounds how many sessions are remembered
     * @param known what owners in this process know of their records
     */
    public SessionSearch(
            String operation, PChannel pchannel, LogScanner scanner, WriterSessions.Bounds bounds, Owners.Known known) {
        this.operation = operation;
        this.pchannel = pchannel;
        this.scanner = scanner;
        this.bounds = bounds;
        this.known = known;
    }

    /**
     * The result of a search.
     *
     * @param sessions the writer sessions after the window's last record
     * @param snapshot the body of the last committed snapshot; one without members if there is no snapshot
     * @param snapshotAt the position of the live rule after that snapshot
     * @param window the given window; its anchor and base are now records that the live rule accepted
     */
    public record Result(WriterSessions sessions, ControlBody snapshot, Position snapshotAt, LogWindow window) {}

    /**
     * Searches a window, and before it as far back as the last snapshot. If a record is disputed, begins at a snapshot before that
     * record: a snapshot behind it shows where the log ends, but not which records readers delivered before.
     */
    public CompletableFuture<Result> find(LogWindow window) {
        var named = window.snapshotOffset();
        var disputed = Math.min(known.disputed(), window.end());
        var first = named < window.start() || named >= disputed
                ? CompletableFuture.completedFuture(new SnapshotReplay(this, named))
                : replay(named, window);
        return first.thenCompose(replay -> replay.isFromSnapshot()
                        ? CompletableFuture.completedFuture(replay)
                        : fromEarlier(replay.isMisplaced() ? named : disputed, window))
                .thenApply(replay -> {
                    var found = replay.found(window);
                    known.judgedFrom(replay.from());
                    return found;
                });
    }

    /** Replays from the last snapshot below an offset. If another program wrote that snapshot, replays from the one before it. */
    private CompletableFuture<SnapshotReplay> fromEarlier(long below, LogWindow window) {
        return lastSnapshot(window.start(), below)
                .thenCompose(from -> replay(from, window)
                        .thenCompose(replay -> replay.isMisplaced() && from > window.start()
                                ? fromEarlier(from, window)
                                : CompletableFuture.completedFuture(replay)));
    }

    private CompletableFuture<SnapshotReplay> replay(long from, LogWindow window) {
        var replay = new SnapshotReplay(this, from);
        return scanner.walk(Math.max(window.start(), from - LOOK_BACK), window.end(), replay::take)
                .thenApply(walked -> replay);
    }

    /** Steps back to the last committed snapshot below an offset. Gives its offset, or the log's start if there is none. */
    private CompletableFuture<Long> lastSnapshot(long start, long below) {
        return scanner.last(start, below, STRIDES, this::isSnapshot)
                .thenApply(snapshot -> snapshot == null ? start : snapshot.offset());
    }

    private boolean isSnapshot(LogEntry entry) {
        return entry.header() != null && entry.header().kind() == Kind.SNAPSHOT && !known.disowns(entry);
    }

    CheckedRule rule(Position start) {
        return new CheckedRule(operation, pchannel, start, known);
    }

    PChannel pchannel() {
        return pchannel;
    }

    WriterSessions noSessions() {
        return new WriterSessions(bounds);
    }

    WriterSessions read(LogEntry snapshot) {
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
