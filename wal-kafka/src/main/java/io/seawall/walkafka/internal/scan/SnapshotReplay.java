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
 * Goes from a snapshot, or the log's start, through the committed view, and takes what follows from there. So an opening goes on
 * behind a record of the log, and not behind one that another program wrote at its end.
 */
final class SnapshotReplay {
    private static final long NOTHING_SEEN = -2;

    private final SessionSearch search;
    private final long from;
    private final Growth before = new Growth(); // of the records before the snapshot
    private boolean misplaced;
    private long startedAt = NOTHING_SEEN; // the offset of the snapshot that came first, or -1 if other records did
    private @Nullable CheckedRule rule; // from the first numbered record on
    private @Nullable SessionReplay sessions;
    private byte @Nullable [] snapshot; // the body of the last one
    private Position snapshotAt = Position.after(Stamp.NONE, 0); // the last one
    private @Nullable LogEntry anchor;
    private @Nullable LogEntry base;

    /**
     * A replay.
     *
     * @param from the offset where it begins; what is fed of before that only shows whether the snapshot there goes on from it
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
            before.takes(header);
        } else {
            take(entry, header);
        }
    }

    private void take(LogEntry entry, WalHeader header) {
        if (startedAt == NOTHING_SEEN) {
            startedAt = header.kind() == Kind.SNAPSHOT ? entry.offset() : -1;
            misplaced = startedAt == from && !before.takes(header);
        }
        if (misplaced) {
            return; // somebody begins again further back
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
            rule = search.rule(Position.after(header.stamp(), first.lsn())).settledBy(header.stamp(), first.lsn());
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
            case FORGED -> throw new IllegalStateException("the rule tells forged records apart, or refuses");
            // What was lost before stays lost, and readers are told there; the log goes on behind it.
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

    /** Whether it began at a snapshot, and one that goes on from what is before it. */
    boolean isFromSnapshot() {
        return startedAt == from && !misplaced;
    }

    /** Whether the snapshot that it began at does not go on from what is before it: its owner did not write it there. */
    boolean isMisplaced() {
        return misplaced;
    }

    /**
     * What was found.
     *
     * @throws WalException with FORGED if readers would come to other records
     */
    SessionSearch.Result found(LogWindow window) {
        if (rule != null && anchor != null && !rule.isAsShown()) {
            throw rule.forged(anchor);
        }
        return new SessionSearch.Result(
                current().sessions(), ControlBody.read(snapshot), snapshotAt, window.behind(anchor, base));
    }
}
