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
 * Finds what the committed view knows beside its records: the last committed snapshot, and the writer sessions of it and of what
 * was written behind it (docs/protocol.md#opening, step 4, and docs/protocol.md#writer-sessions). How much it reads is bounded by
 * {@code wal.snapshot.bytes}, not by the log's length.
 */
public final class SessionSearch {
    private static final LogScanner.Strides STRIDES = new LogScanner.Strides(1_024, 2);

    /** So many offsets before the last snapshot show whether it goes on from there, in the same fetch. */
    private static final long LOOK_BACK = 8;

    private final String operation;
    private final PChannel pchannel;
    private final LogScanner scanner;
    private final WriterSessions.Bounds bounds;
    private final Owners.Known known;

    /**
     * A search.
     *
     * @param operation what is attempted, for errors
     * @param pchannel the log
     * @param scanner reads its committed view
     * @param bounds how much is remembered
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
     * What the committed view says.
     *
     * @param sessions the writer sessions as they stand behind the window's last record
     * @param snapshot the body of the last committed snapshot; one without members if there is none
     * @param snapshotAt what that snapshot says: everything below its number precedes it
     * @param window the same window, whose anchor and base are records that follow from that snapshot
     */
    public record Result(WriterSessions sessions, ControlBody snapshot, Position snapshotAt, LogWindow window) {}

    /**
     * Looks through a window, and as far before it as the last snapshot is; from a snapshot below what is disputed, as one behind
     * it tells where the log ends, but not which records readers took before.
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

    /** From the last snapshot below an offset, and again from the one before that if another program wrote it. */
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

    /** The offset of the last committed snapshot below an offset, found by stepping back; the log's start if there is none. */
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
