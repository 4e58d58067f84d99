package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Quarantined;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.Assignment.Retired;
import io.seawall.coordinator.meta.Assignment.Unowned;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.Reason;
import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A plan while it is made: what is to be written, and the loads that follow from it. Not thread-safe. */
final class Draft {
    /** Not an error of a log: it has used up the terms that a record can hold. */
    static final String NO_TERM_LEFT = "NO_TERM_LEFT";

    /** The errors that nodes report become parts of notes, and each next record repeats the note. */
    private static final int LONGEST_TEXT = 300;

    /** What has no other bound comes in several decisions, so that each fits into one transaction. */
    private static final int MOST_RECORDS = 1_000;

    private final Situation seen;
    private final Nodes nodes;
    private final PlacementSettings settings;
    private final Map<String, Load> loads = new TreeMap<>();
    private final Map<MetaKey, MetaRecord> written = new LinkedHashMap<>();
    private final Set<MetaKey> removed = new LinkedHashSet<>();
    private final Map<PChannel, String> waits = new TreeMap<>();
    private Watch watch;
    private int moves;
    private int logs;

    Draft(Situation seen, Watch watch, Nodes nodes, PlacementSettings settings) {
        this.seen = seen;
        this.watch = watch;
        this.nodes = nodes;
        this.settings = settings;
        nodes.all().forEach(node -> loads.put(node.id(), new Load()));
    }

    Situation seen() {
        return seen;
    }

    Nodes nodes() {
        return nodes;
    }

    PlacementSettings settings() {
        return settings;
    }

    Watch watch() {
        return watch;
    }

    void watch(Watch next) {
        watch = next;
    }

    long nowMs() {
        return seen.now().elapsedMs();
    }

    long rate(PChannel pchannel) {
        return seen.rates().getOrDefault(pchannel, 0L);
    }

    Load load(String node) {
        return loads.computeIfAbsent(node, unknown -> new Load());
    }

    /** Returns how many logs there are to place. */
    int logs() {
        return logs;
    }

    /** Counts a log, for a node unless the name is empty. */
    void count(String node, PChannel pchannel) {
        logs++;
        if (!node.isEmpty()) {
            load(node).add(rate(pchannel));
        }
    }

    void countMove() {
        moves++;
    }

    /** Returns how many more logs with a healthy owner may be moved now. */
    int movesLeft() {
        return settings.bounds().moves() - moves;
    }

    void await(PChannel pchannel, String why) {
        waits.put(pchannel, why);
    }

    Note note(Reason reason, String text) {
        return new Note(reason, cut(text), seen.now().wall());
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return text;
        }
        // Half of a surrogate pair is no text in UTF-8.
        var end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return text.substring(0, end) + "...";
    }

    /** Returns whether what is not urgent has to wait for the next decision. */
    boolean isFull() {
        return written.size() + removed.size() >= MOST_RECORDS;
    }

    void write(MetaRecord record) {
        removed.remove(record.key());
        written.put(record.key(), record);
    }

    void remove(MetaKey key) {
        written.remove(key);
        removed.add(key);
    }

    /** Gives a log to a node at the next term. It is counted already, but not for that node. */
    void give(PChannel pchannel, NodeView target, Verdict.Needs needs) {
        var next = nextTerm(pchannel);
        if (next > MetaRecord.MOST_TERM) {
            quarantine(pchannel, new Verdict.Quarantines(NO_TERM_LEFT, "a report knows of term " + (next - 1)));
            return;
        }
        var note = note(needs.reason(), needs.text());
        write(owned(pchannel, next, target, needs.failures(), note));
        load(target.id()).add(rate(pchannel));
        load(target.id()).addOpening(false);
        if (needs.reason().isMove()) {
            countMove();
        }
    }

    private Owned owned(PChannel pchannel, long next, NodeView target, int failures, Note note) {
        var former = seen.state().assignment(pchannel);
        if (former.isPresent()) {
            var assignment = former.get();
            return switch (assignment.phase()) {
                case UNOWNED -> ((Unowned) assignment).toOwned(next, target.owner(), note);
                case OWNED -> ((Owned) assignment).toOwned(next, target.owner(), failures, note);
                case RELEASING -> ((Releasing) assignment).toOwned(next, target.owner(), note);
                case QUARANTINED -> ((Quarantined) assignment).toUnowned(note).toOwned(next, target.owner(), note);
                case RETIRED -> ((Retired) assignment).toUnowned(note).toOwned(next, target.owner(), note);
            };
        }
        return new Unowned(pchannel, -1, "", note).toOwned(next, target.owner(), note);
    }

    /** Returns a term above all that were given out and all that any process met in the log. */
    private long nextTerm(PChannel pchannel) {
        long highest = seen.state().assignment(pchannel).map(Assignment::term).orElse(-1L);
        for (var status : seen.state().statuses(pchannel)) {
            highest = Math.max(highest, status.highestTerm());
        }
        return highest + 1;
    }

    /** Counts the opening of a log at its owner, which is overdue there and was not given to another node yet. */
    void holdSlot(PChannel pchannel) {
        overdueAt(pchannel).ifPresent(load -> load.addOpening(isSlow(pchannel)));
    }

    /** Takes back what {@link #holdSlot} counted. */
    void freeSlot(PChannel pchannel) {
        overdueAt(pchannel).ifPresent(load -> load.removeOpening(isSlow(pchannel)));
    }

    private Optional<Load> overdueAt(PChannel pchannel) {
        return seen.state().assignment(pchannel).flatMap(Assignment::process).map(owner -> load(owner.node()));
    }

    private boolean isSlow(PChannel pchannel) {
        var known = watch.logs().get(pchannel);
        return known != null
                && nowMs() - known.stepMs() >= settings.bounds().slow().toMillis();
    }

    /** Makes the owner of a log release it, for a node or for none. */
    void release(Owned owned, String target, Reason reason, String text) {
        write(owned.toReleasing(target, note(reason, text)));
        load(owned.owner().node()).remove(rate(owned.pchannel()));
        countMove();
        if (!target.isEmpty()) {
            load(target).add(rate(owned.pchannel()));
            load(target).addOpening(false);
        }
    }

    void quarantine(PChannel pchannel, Verdict.Quarantines why) {
        var note = note(Reason.QUARANTINED, why.text());
        var former = seen.state().assignment(pchannel);
        if (former.isPresent() && former.get() instanceof Owned owned) {
            write(owned.toQuarantined(why.code(), note));
        } else if (former.isPresent() && former.get() instanceof Releasing releasing) {
            write(releasing.toQuarantined(why.code(), note));
        } else {
            var term = former.map(Assignment::term).orElse(-1L);
            write(new Quarantined(pchannel, term, "", why.code(), note));
        }
    }

    Planner.Plan toPlan() {
        return new Planner.Plan(
                new Changes(List.copyOf(written.values()), new ArrayList<>(removed)), watch, Map.copyOf(waits));
    }
}
