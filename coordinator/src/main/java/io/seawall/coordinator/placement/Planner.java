package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.placement.Moving.Healthy;
import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes plans: a pure function of what is known and what was seen so far. */
public final class Planner {
    private final PlacementSettings settings;

    /**
     * What follows from an observation.
     *
     * @param changes what to write
     * @param watch the watch to go on with
     * @param waits the logs that are not where they are to be, or not moved although they could be, and what they wait for
     */
    public record Plan(Changes changes, Watch watch, Map<PChannel, String> waits) {}

    /**
     * Creates a planner.
     *
     * @param settings the bounds
     */
    public Planner(PlacementSettings settings) {
        this.settings = settings;
    }

    /** Returns the bounds. */
    public PlacementSettings settings() {
        return settings;
    }

    /**
     * Decides what to write next.
     *
     * @param seen what is known now; without members nothing is decided
     * @param watched what was seen so far, this observation included
     * @return the plan
     */
    public Plan plan(Situation seen, Watch watched) {
        if (seen.members().isEmpty()) {
            return new Plan(Changes.NONE, watched, Map.of());
        }
        var watch = watched;
        var suspicions = Housekeeping.suspicions(seen, watch);
        for (var node : suspicions.keySet()) {
            watch = watch.hinted(node, seen.now().elapsedMs());
        }
        var nodes = Nodes.of(seen, watch, suspicions.keySet(), settings);
        var draft = new Draft(seen, watch, nodes, settings);
        // First: a new suspicion has the key of one that is over.
        Housekeeping.clean(draft);
        suspicions.values().forEach(draft::write);
        decide(draft, new Judge(seen, watch, nodes, settings));
        return draft.toPlan();
    }

    /**
     * Decides about a command.
     *
     * @param command the command
     * @param seen what is known now
     * @param watch what was seen so far, this observation included
     * @return the records to write; none if nothing changes
     * @throws io.seawall.wal.WalException with {@link io.seawall.wal.ErrorCode#NOT_FOUND} for what does not exist, with
     *     {@link io.seawall.wal.ErrorCode#INVALID} for what is not allowed
     */
    public Changes decide(Command command, Situation seen, Watch watch) {
        return new Commands(seen, watch, settings).decide(command);
    }

    private void decide(Draft draft, Judge judge) {
        var needs = new TreeMap<PChannel, Verdict.Needs>();
        var healthy = new ArrayList<Healthy>();
        for (var pchannel : draft.seen().state().pchannels()) {
            apply(pchannel, judge.judge(pchannel), draft, needs, healthy);
        }
        holdBackFaulty(draft, needs.values());
        var allPlaced = new Placing(draft).place(needs);
        var moving = new Moving(draft, healthy);
        moving.leave();
        moving.drain();
        if (!draft.watch().isSettled(draft.nowMs(), settings)) {
            return;
        }
        moving.pin();
        if (allPlaced) {
            moving.balance();
        }
        if (allPlaced && draft.movesLeft() == settings.bounds().moves()) {
            new RateBalance(draft, moving).balance();
        }
    }

    /**
     * A node that did not react gets nothing else by the same decision either. What it was given before runs out of time at later
     * observations, or waits for another node: that is the same fault, and counts once.
     */
    private void holdBackFaulty(Draft draft, Collection<Verdict.Needs> needs) {
        for (var needed : needs) {
            if (draft.nodes()
                    .find(needed.fault())
                    .filter(node -> !node.heldBack())
                    .isPresent()) {
                draft.watch(draft.watch().flapped(needed.fault(), draft.nowMs(), settings));
                draft.nodes().holdBack(needed.fault());
            }
        }
    }

    private void apply(
            PChannel pchannel,
            Verdict verdict,
            Draft draft,
            Map<PChannel, Verdict.Needs> needs,
            List<Healthy> healthy) {
        if (verdict instanceof Verdict.Stays stays) {
            draft.count(stays.node(), pchannel);
            draft.seen()
                    .state()
                    .assignment(pchannel)
                    .map(Owned.class::cast)
                    .ifPresent(owned -> stays(stays, owned, draft, healthy));
        } else if (verdict instanceof Verdict.Releases releases) {
            draft.count(releases.target(), pchannel);
            draft.countMove();
            if (!releases.target().isEmpty()) {
                draft.load(releases.target()).addOpening(false);
            }
        } else if (verdict instanceof Verdict.Waits waits) {
            draft.count(waits.node(), pchannel);
            draft.await(pchannel, waits.why());
        } else if (verdict instanceof Verdict.Needs needed) {
            draft.count("", pchannel);
            if (needed.isOverdue()) {
                draft.holdSlot(pchannel);
            }
            needs.put(pchannel, needed);
        } else if (verdict instanceof Verdict.Quarantines quarantines) {
            quarantine(pchannel, quarantines, draft);
        } else if (verdict instanceof Verdict.Rests) {
            draft.count("", pchannel);
            draft.seen()
                    .state()
                    .assignment(pchannel)
                    .map(Releasing.class::cast)
                    .ifPresent(releasing -> draft.write(releasing.toUnowned(releasing.note())));
        }
    }

    private static void quarantine(PChannel pchannel, Verdict.Quarantines quarantines, Draft draft) {
        if (draft.isFull()) {
            draft.await(pchannel, quarantines.code() + "; waits for the next decision");
        } else {
            draft.quarantine(pchannel, quarantines);
        }
    }

    private void stays(Verdict.Stays stays, Owned owned, Draft draft, List<Healthy> healthy) {
        healthy.add(new Healthy(owned, stays.open() ? stays.ageMs() : -1));
        if (!stays.open()) {
            var slow = stays.ageMs() >= settings.bounds().slow().toMillis();
            draft.load(stays.node()).addOpening(slow);
            if (owned.note().reason().isMove() && !slow) {
                draft.countMove();
            }
        }
    }
}
