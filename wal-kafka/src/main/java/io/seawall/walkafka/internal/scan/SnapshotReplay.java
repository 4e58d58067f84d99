package io.seawall.walkafka.internal.scan;

import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.Formats;
import io.seawall.walkafka.internal.format.LiveRule;
import io.seawall.walkafka.internal.format.LiveRule.Position;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.SessionReplay;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.format.WalHeader.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Follows the committed view from a snapshot, or from the log's start, by the live rule. So an opening continues after the last
 * record that an owner wrote, and not after one that another program wrote at the end.
 */
final class SnapshotReplay {
    private static final long NOTHING_SEEN = -2;

    private final SessionSearch search;
    private final long from;
    private final GrowthCheck before = new GrowthCheck(); // checks the records before the snapshot
    private boolean misplaced;
    private long startedAt = NOTHING_SEEN; // the offset of the first record if it is a snapshot, else -1
    private @Nullable CheckedRule rule; // set by the first numbered record
    private @Nullable SessionReplay sessions;
    private byte @Nullable [] snapshot; // the body of the last snapshot
    private Position snapshotAt = Position.after(Stamp.NONE, 0); // after the last snapshot
    private @Nullable LogEntry anchor;
    private @Nullable LogEntry base;

    /**
     * Creates a replay.
     *
     * @param search the search that it is a part of
     * @param from the offset where it begins; records before it only show whether the snapshot at that offset follows from them
     */
    SnapshotReplay(SessionSearch search, long from) {
        this.search = search;
        this.from = from;
    }

    void take(LogEntry entry) {
        Formats.check(search.pchannel(), entry);
        var header = entry.header();
        if (header == null) {
            return;
        }
        if (entry.offset() < from) {
            before.accepts(header);
        } else {
            take(entry, header);
        }
    }

    private void take(LogEntry entry, WalHeader header) {
        if (startedAt == NOTHING_SEEN) {
            startedAt = header.kind() == Kind.SNAPSHOT ? entry.offset() : -1;
            misplaced = startedAt == from && !before.accepts(header);
        }
        if (misplaced) {
            return; // the search begins again further back
        }
        if (rule == null && entry.lsn() >= 0) {
            begin(entry, header);
        } else if (rule != null) {
            follow(entry, rule.take(entry, header), header);
        }
    }

    private void begin(LogEntry first, WalHeader header) {
        var isSnapshot = header.kind() == Kind.SNAPSHOT;
        if (isSnapshot) {
            rule = search.rule(Position.after(header.stamp(), first.lsn())).afterSnapshot(header.stamp(), first.lsn());
            accept(first, header);
        } else {
            rule = search.rule(Position.after(Stamp.NONE, first.lsn()));
            follow(first, rule.take(first, header), header);
        }
    }

    private void follow(LogEntry entry, LiveRule.Step step, WalHeader header) {
        switch (step.action()) {
            case DELIVER, BUFFER, PASS -> accept(entry, header);
            case FOREIGN, VOID, COPY -> {}
            case HOLD -> throw DataLossErrors.found(search.pchannel(), step, entry);
            case FORGED -> throw new IllegalStateException("a checked rule never returns FORGED");
            // An earlier loss must not stop every opening: readers
            // report it at its place, and the log continues behind it.
            case LOST_AND_REUSED, LOST_BEFORE, BROKEN_BATCH -> {
                accept(entry, header);
                rule = search.rule(behind(entry, header));
            }
        }
    }

    private static Position behind(LogEntry entry, WalHeader header) {
        return Position.after(header.stamp(), header.kind() == Kind.DATA ? entry.lsn() + 1 : entry.lsn());
    }

    private void accept(LogEntry entry, WalHeader header) {
        if (entry.lsn() < 0) {
            return;
        }
        anchor = entry;
        base = entry.isCopy() ? base : entry;
        if (header.kind() == Kind.SNAPSHOT) {
            sessions = new SessionReplay(search.read(entry));
            snapshot = entry.data().value();
            snapshotAt = behind(entry, header);
        } else {
            current().take(entry);
        }
    }

    private SessionReplay current() {
        if (sessions == null) {
            sessions = new SessionReplay(search.noSessions());
        }
        return sessions;
    }

    long from() {
        return from;
    }

    /** Returns whether the replay began at a snapshot that follows from the records before it. */
    boolean isFromSnapshot() {
        return startedAt == from && !misplaced;
    }

    /** Returns whether the replay began at a snapshot that does not follow from the records before it: no owner wrote it there. */
    boolean isMisplaced() {
        return misplaced;
    }

    /**
     * Returns the result.
     *
     * @throws WalException with FORGED if readers would deliver other records
     */
    SessionSearch.Result found(LogWindow window) {
        if (rule != null && anchor != null && !rule.readersAgree()) {
            throw rule.forged(anchor);
        }
        return new SessionSearch.Result(
                current().sessions(), ControlBody.read(snapshot), snapshotAt, window.with(anchor, base));
    }
}
