package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.Reason;
import io.seawall.coordinator.placement.NodeView.Standing;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import java.util.Optional;
import java.util.Set;

/** Judges each log by itself: what it needs now. */
final class Judge {
    /** What only a person can mend; each further opening would cost a term and bury the evidence. */
    private static final Set<String> FOR_A_PERSON = Set.of(ErrorCode.DATA_LOSS.name(), ErrorCode.FORGED.name());

    private final Situation seen;
    private final Watch watch;
    private final Nodes nodes;
    private final PlacementSettings settings;
    private final long nowMs;

    Judge(Situation seen, Watch watch, Nodes nodes, PlacementSettings settings) {
        this.seen = seen;
        this.watch = watch;
        this.nodes = nodes;
        this.settings = settings;
        this.nowMs = seen.now().elapsedMs();
    }

    Verdict judge(PChannel pchannel) {
        if (seen.state().isUnreadable(MetaKey.assignment(pchannel))) {
            return new Verdict.Waits("", "its assignment is in a format that this version cannot read");
        }
        var assignment = seen.state().assignment(pchannel);
        if (assignment.isEmpty()) {
            return Verdict.Needs.of("", Reason.NEW, "a new log");
        }
        return switch (assignment.get().phase()) {
            case UNOWNED -> {
                var note = assignment.get().note();
                yield Verdict.Needs.of(assignment.get().home(), note.reason(), note.text());
            }
            case OWNED -> owned((Owned) assignment.get());
            case RELEASING -> releasing((Releasing) assignment.get());
            case QUARANTINED -> new Verdict.Idles();
            case RETIRED -> Verdict.Needs.of("", Reason.NEW, "its topic was created again");
        };
    }

    private Verdict owned(Owned owned) {
        var report = seen.state().report(owned);
        // Also if the owner is not there any more: the next one would find the same.
        if (report.isPresent() && FOR_A_PERSON.contains(report.get().code())) {
            return new Verdict.Quarantines(report.get().code(), report.get().message());
        }
        var node = owned.owner().node();
        return switch (nodes.standing(owned.owner())) {
            case UNREADABLE -> new Verdict.Waits(node, node + " announced itself in a later format");
            case GONE -> lost(owned, report, "", Reason.OWNER_GONE, node + " left");
            case SUSPECTED -> lost(owned, report, "", Reason.OWNER_SUSPECTED, node + " was reported dead");
            case AWAY -> new Verdict.Waits(node, node + " is away and has a moment to come back");
            case LIVE, LEAVING -> isCurrent(owned.owner()) ? ofLivingOwner(owned) : ofFormerProcess(owned, report);
        };
    }

    private boolean isCurrent(Owner owner) {
        return nodes.find(owner.node())
                .filter(node -> node.owner().equals(owner))
                .isPresent();
    }

    /** The node is there with another process than the one that owned the log. */
    private Verdict ofFormerProcess(Owned owned, Optional<Status> report) {
        var node = owned.owner().node();
        var takesOwn = nodes.find(node).filter(NodeView::takesOwn).isPresent();
        return takesOwn
                ? lost(owned, report, node, Reason.RETURNED, node + " restarted")
                : lost(owned, report, "", Reason.OWNER_GONE, node + " restarted and takes no logs");
    }

    /**
     * The process that owned the log is no more. If it never had the log open, the opening may be what ended it: that counts as
     * a failure, so that such a log does not end one process after the other without a pause.
     */
    private Verdict lost(Owned owned, Optional<Status> report, String home, Reason reason, String text) {
        var wasOpen = report.filter(status -> status.condition() == Condition.AVAILABLE)
                .isPresent();
        var failures = wasOpen ? 0 : plusOne(owned.failures());
        var pauseMs = wasOpen ? 0 : settings.pauses().failurePauseMs(failures);
        if (nowMs - watchOf(owned).stepMs() < pauseMs) {
            return new Verdict.Waits(
                    owned.owner().node(),
                    text + " while it opened the log; the next try is " + pauseMs + " ms after the last");
        }
        var avoid = home.isEmpty() ? owned.owner().node() : "";
        return new Verdict.Needs(home, avoid, failures, reason, text, "");
    }

    private Verdict ofLivingOwner(Owned owned) {
        var node = owned.owner().node();
        var report = seen.state().status(owned.pchannel(), owned.owner().incarnation());
        if (seen.state()
                .isUnreadable(MetaKey.status(owned.pchannel(), owned.owner().incarnation()))) {
            return new Verdict.Waits(node, node + " reports in a format that this version cannot read");
        }
        if (report.isPresent() && report.get().term() > owned.term()) {
            return Verdict.Needs.of(
                    node, Reason.TERM_SEEN, node + " has term " + report.get().term());
        }
        if (report.isEmpty() || report.get().term() < owned.term()) {
            return unacknowledged(owned);
        }
        return switch (report.get().condition()) {
            case AVAILABLE ->
                new Verdict.Stays(node, true, nowMs - watchOf(owned).reportMs());
            case OPENING -> opening(owned);
            case FAILED, RELEASED -> failed(owned, report.get());
        };
    }

    private Verdict unacknowledged(Owned owned) {
        var node = owned.owner().node();
        var ageMs = nowMs - watchOf(owned).stepMs();
        if (ageMs < settings.patience().acknowledge().toMillis()) {
            return new Verdict.Stays(node, false, ageMs);
        }
        return new Verdict.Needs(
                "",
                node,
                owned.failures(),
                Reason.UNRESPONSIVE,
                node + " did not begin to open it within " + settings.patience().acknowledge(),
                node);
    }

    private Verdict opening(Owned owned) {
        var node = owned.owner().node();
        var ageMs = nowMs - watchOf(owned).stepMs();
        if (ageMs < settings.patience().open().toMillis()) {
            return new Verdict.Stays(node, false, ageMs);
        }
        return new Verdict.Needs(
                "",
                node,
                plusOne(owned.failures()),
                Reason.OVERDUE,
                node + " did not open it within " + settings.patience().open(),
                "");
    }

    /** The term is over: after a pause the next one is given out, every second time to another node. */
    private Verdict failed(Owned owned, Status report) {
        var node = owned.owner().node();
        var served = report.servedMs() >= settings.pauses().served().toMillis();
        var failures = served ? 1 : plusOne(owned.failures());
        var pauseMs = settings.pauses().failurePauseMs(failures);
        var text = node + " lost term " + owned.term() + ": " + cause(report);
        if (nowMs - watchOf(owned).reportMs() < pauseMs) {
            return new Verdict.Waits(node, text + "; the next try is " + pauseMs + " ms after that");
        }
        var elsewhere = failures % 2 == 0;
        return new Verdict.Needs(elsewhere ? "" : node, elsewhere ? node : "", failures, Reason.FAILED, text, "");
    }

    private static String cause(Status report) {
        var rival = report.rival().isEmpty() ? "" : ", rival " + report.rival();
        var text = report.message().isEmpty() ? "" : ", " + report.message();
        return (report.code().isEmpty() ? report.condition().name() : report.code()) + rival + text;
    }

    private static int plusOne(int failures) {
        return failures == Integer.MAX_VALUE ? failures : failures + 1;
    }

    private Verdict releasing(Releasing releasing) {
        var report = seen.state().status(releasing.pchannel(), releasing.owner().incarnation());
        var ended = report.filter(status -> status.term() >= releasing.term())
                .filter(status -> status.condition() == Condition.RELEASED || status.condition() == Condition.FAILED);
        if (ended.isPresent() && FOR_A_PERSON.contains(ended.get().code())) {
            return new Verdict.Quarantines(ended.get().code(), ended.get().message());
        }
        return whyOver(releasing, ended.isPresent())
                .map(text -> over(releasing, text))
                .orElseGet(() -> new Verdict.Releases(releasing.target()));
    }

    /** A release is over when the owner has closed the log, or cannot be waited for: the next term fences it. */
    private Optional<String> whyOver(Releasing releasing, boolean ended) {
        var node = releasing.owner().node();
        if (ended) {
            return Optional.of(releasing.note().text());
        }
        var standing = nodes.standing(releasing.owner());
        if (standing != Standing.LIVE && standing != Standing.LEAVING && standing != Standing.UNREADABLE) {
            return Optional.of(node + " is not there to release it");
        }
        if (standing != Standing.UNREADABLE && !isCurrent(releasing.owner())) {
            return Optional.of(node + " restarted instead of releasing it");
        }
        return nowMs - watchOf(releasing).stepMs()
                        >= settings.patience().release().toMillis()
                ? Optional.of(node + " did not release it within "
                        + settings.patience().release())
                : Optional.empty();
    }

    private static Verdict over(Releasing releasing, String text) {
        return releasing.target().isEmpty()
                ? new Verdict.Rests()
                : Verdict.Needs.of(releasing.target(), releasing.note().reason(), text);
    }

    private LogWatch watchOf(Assignment assignment) {
        var known = watch.logs().get(assignment.pchannel());
        return known != null ? known : LogWatch.first(Optional.empty(), Optional.empty(), nowMs);
    }
}
