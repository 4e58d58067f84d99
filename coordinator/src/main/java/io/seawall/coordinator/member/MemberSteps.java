package io.seawall.coordinator.member;

import io.seawall.coordinator.Action;
import io.seawall.coordinator.Coordinator;
import io.seawall.coordinator.Observation;
import io.seawall.coordinator.member.CommandQueue.Answer;
import io.seawall.coordinator.member.CommandQueue.Waiting;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Planner;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.coordinator.placement.Situation.Moment;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What a member does at each event: it passes the event to {@link Coordinator}, carries out the actions, and then does all that is
 * due. Not thread-safe: each method is part of a task of the member's executor, unless it says otherwise.
 */
final class MemberSteps {
    private static final Logger LOG = LoggerFactory.getLogger(MemberSteps.class);
    private static final String NODE = "node";
    private static final String LEADING = "leading";
    private static final String WRITING = "writing";
    private static final String FOLLOWER = "follower";
    private static final long BETWEEN_FAULTS_MS = 10_000;

    private final MemberSettings settings;
    private final MemberPorts ports;
    private final Consumer<Runnable> executor;
    private final Views views;
    private final Elections elections = new Elections();
    private final Questions questions;
    private final OwnRecord ownRecord;
    private final Reports reports;
    private final Removals removals;
    private final CommandQueue commands = new CommandQueue();
    private final List<Answer> answers = new ArrayList<>();
    private final List<Hint> hints = new ArrayList<>();
    /** Written by the executor's tasks, read by every thread. */
    private volatile Coordinator coordinator;

    private Map<PChannel, Long> rates = Map.of();
    private boolean current;
    private boolean closing;
    private boolean ended;
    private String memberId = "";
    private Optional<Set<String>> members = Optional.empty();
    private String attempt = "";
    private long attemptDeadlineMs = Long.MAX_VALUE;
    private long faultLoggedMs = Long.MIN_VALUE;

    /**
     * Creates the steps of a process that has just started.
     *
     * @param executor runs a task as {@link #run} does
     */
    MemberSteps(MemberSettings settings, MemberPorts ports, Consumer<Runnable> executor) {
        this.settings = settings;
        this.ports = ports;
        this.executor = executor;
        var limits = settings.limits();
        var sessionMs = settings.placement().absence().session().toMillis();
        this.coordinator = Coordinator.create(settings.self(), new Planner(settings.placement()));
        this.questions = new Questions(limits.answer().toMillis());
        this.ownRecord = new OwnRecord(
                settings.self(),
                settings.url(),
                settings.peerUrl(),
                settings.grpc(),
                limits.announce().toMillis());
        this.reports = new Reports(limits.reports(), limits.announce().toMillis());
        this.removals = new Removals(self(), sessionMs);
        this.views = new Views(seen());
    }

    private String self() {
        return settings.self().node();
    }

    private String role() {
        return coordinator.role();
    }

    private long nowMs() {
        return ports.clock().get().elapsedMs();
    }

    /** Thread-safe. */
    Coordinator coordinator() {
        return coordinator;
    }

    /** Thread-safe but for {@link Views#add} and {@link Views#publish}. */
    Views views() {
        return views;
    }

    /** Runs a task; then gives the answers that it led to, so that callers' code runs outside of the step. */
    void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            onBug(bug);
        }
        var given = List.copyOf(answers);
        answers.clear();
        given.forEach(Answer::give);
    }

    /** A step that fails will fail at each tick. A coordinator that cannot decide gives up, so that this is seen. */
    private void onBug(RuntimeException bug) {
        var now = nowMs();
        if (faultLoggedMs == Long.MIN_VALUE || now - faultLoggedMs >= BETWEEN_FAULTS_MS) {
            faultLoggedMs = now;
            LOG.atError()
                    .setCause(bug)
                    .addKeyValue(NODE, self())
                    .addKeyValue("role", role())
                    .log("a step of the cluster's member failed");
        }
        take(coordinator.onWriteFailed(attempt, "a step failed: " + bug));
    }

    void onNews(List<News> news, boolean nowCurrent) {
        current |= nowCurrent;
        take(coordinator.onNews(news));
        for (var each : news) {
            if (current && each instanceof News.Written written && written.value() instanceof Suspicion suspicion) {
                LOG.atWarn()
                        .addKeyValue(NODE, suspicion.node())
                        .addKeyValue("incarnation", suspicion.incarnation())
                        .addKeyValue("by", suspicion.by())
                        .log("a node was taken for dead");
            }
        }
        if (role().equals(LEADING)) {
            answers.addAll(commands.onRead());
        }
        proceed();
    }

    void onJoined(String nextMemberId) {
        memberId = nextMemberId;
        LOG.atInfo().addKeyValue(NODE, self()).log("joined the cluster's group");
        proceed();
    }

    void onLost() {
        memberId = "";
        if (!closing) {
            LOG.atWarn().addKeyValue(NODE, self()).log("lost the membership in the cluster's group; joins anew");
        }
        proceed();
    }

    void onElected() {
        LOG.atInfo().addKeyValue(NODE, self()).log("the group chose this node to coordinate");
        elections.onElected(nowMs());
        proceed();
    }

    void onDeposed() {
        elections.onDeposed();
        take(coordinator.onDeposed());
        proceed();
    }

    void onCommand(Waiting command) {
        if (ended) {
            answers.add(new Answer(command.done(), Optional.of(CommandQueue.closing())));
            return;
        }
        commands.add(command);
        proceed();
    }

    void onReport(Status status) {
        reports.onReport(status, nowMs());
    }

    /** A hint that names another process than its node announced last is late, and ignored. */
    void onHint(Hint hint) {
        var state = coordinator.state();
        if (state.node(hint.node())
                .filter(known -> known.incarnation().equals(hint.incarnation()))
                .isEmpty()) {
            return;
        }
        LOG.atWarn()
                .addKeyValue(NODE, hint.node())
                .addKeyValue("incarnation", hint.incarnation())
                .addKeyValue("by", hint.by())
                .log("a process was reported dead");
        hints.add(hint);
        removals.onHint(hint, state, nowMs());
    }

    void onRates(Map<PChannel, Long> measured) {
        if (!measured.isEmpty()) {
            var next = new HashMap<>(rates);
            next.putAll(measured);
            next.keySet().retainAll(coordinator.state().pchannels());
            rates = Map.copyOf(next);
        }
    }

    void leave() {
        ownRecord.leave();
        proceed();
    }

    /** The member leaves the group now, which is no trouble. */
    void close() {
        closing = true;
    }

    /** Ends: nothing is done any more. */
    void end() {
        ended = true;
        answers.addAll(commands.close());
    }

    /** Does all that is due. So the next decision follows the reading of the last one, and not the next tick. */
    void proceed() {
        if (ended) {
            return;
        }
        var now = ports.clock().get();
        expire(now.elapsedMs());
        elect(now.elapsedMs());
        ask(now.elapsedMs());
        offerCommands(now);
        observe(now);
        announce(now);
        if (current) {
            reports.compare(coordinator.state(), now.elapsedMs());
        }
        writeReports(now.elapsedMs());
        remove(now.elapsedMs());
        views.publish(seen());
    }

    private void expire(long nowMs) {
        if (nowMs >= attemptDeadlineMs) {
            var waited = settings.limits().write().toMillis();
            take(coordinator.onWriteFailed(attempt, "still " + role() + " after " + waited + " ms"));
        }
        answers.addAll(commands.expire(nowMs));
    }

    /** A process that has not read the topic would wait for its own record for as long as it reads. */
    private void elect(long nowMs) {
        if (current && elections.begin(nowMs)) {
            attempt = ports.nonces().get();
            take(coordinator.onElected(attempt));
        }
    }

    private void ask(long nowMs) {
        if (!role().equals(FOLLOWER) && questions.isDue(nowMs)) {
            var question = questions.asked(nowMs);
            answered(ports.group().members(), (names, error) -> onMembers(question, names));
        }
    }

    private void onMembers(long question, @Nullable Set<String> names) {
        if (questions.answered(question, Optional.ofNullable(names), nowMs())) {
            var answer = questions.last();
            members = answer.filter(all -> all.contains(self())).or(() -> members);
            proceed();
        }
    }

    /** Hands the result of a call over to the executor. */
    @SuppressWarnings("FutureReturnValueIgnored") // The task gets the error; an error of the task is logged by run.
    private <T> void answered(CompletableFuture<T> call, BiConsumer<T, @Nullable Throwable> then) {
        call.whenComplete((value, error) -> executor.accept(() -> then.accept(value, error)));
    }

    private void offerCommands(Moment now) {
        if (role().equals(FOLLOWER)) {
            answers.addAll(commands.onFollower(self()));
        }
        for (var first = commands.first(); first.isPresent() && role().equals(LEADING); first = commands.first()) {
            var observation = new Observation(memberId, Optional.empty(), rates, List.of(), now);
            try {
                var step = coordinator.onCommand(first.get().command(), observation);
                if (step.actions().isEmpty()) {
                    answers.add(commands.answerFirst(Optional.empty()));
                } else {
                    commands.writeFirst();
                }
                take(step);
            } catch (WalException refused) {
                if (refused.code() == ErrorCode.UNAVAILABLE) {
                    return; // The group has not named its members yet.
                }
                answers.add(commands.answerFirst(Optional.of(refused)));
            }
        }
    }

    private void observe(Moment now) {
        var observation = new Observation(memberId, questions.take(), rates, List.copyOf(hints), now);
        hints.clear();
        take(coordinator.onObservation(observation));
    }

    private void take(Coordinator.Step step) {
        var before = role();
        coordinator = step.next();
        step.actions().forEach(this::carryOut);
        var after = role();
        if (after.equals(LEADING) || after.equals(FOLLOWER)) {
            attemptDeadlineMs = Long.MAX_VALUE;
        }
        if (!isOneRole(before, after)) {
            onRole(before, after);
        }
    }

    /** A coordinator that writes still coordinates. */
    private static boolean isOneRole(String before, String after) {
        var both = List.of(before, after);
        return before.equals(after) || List.of(LEADING, WRITING).containsAll(both);
    }

    private void onRole(String before, String after) {
        LOG.atInfo()
                .addKeyValue(NODE, self())
                .addKeyValue("from", before)
                .addKeyValue("to", after)
                .log("this node's part in the coordination of the cluster has changed");
        if (after.equals(LEADING)) {
            elections.onLeading(nowMs());
        }
        if (after.equals(FOLLOWER)) {
            // At once: if the node leads again before the next step, the decision that it reads then is another one.
            answers.addAll(commands.onFollower(self()));
        }
        if (before.equals(FOLLOWER) || after.equals(FOLLOWER)) {
            questions.withdraw();
            members = Optional.empty();
        }
    }

    private void carryOut(Action action) {
        if (action instanceof Action.TakeId take) {
            takeId(take.nonce());
        } else if (action instanceof Action.Write write) {
            write(write);
        } else if (action instanceof Action.StepDown stepDown) {
            LOG.atLevel(closing ? Level.INFO : Level.WARN)
                    .addKeyValue(NODE, self())
                    .addKeyValue("reason", stepDown.why())
                    .log("does not coordinate any more");
            attempt = "";
            elections.onSteppedDown(nowMs());
        }
    }

    private void takeId(String nonce) {
        attemptDeadlineMs = nowMs() + settings.limits().write().toMillis();
        answered(ports.topic().takeId(nonce), (nothing, error) -> {
            if (error == null) {
                take(coordinator.onIdTaken(nonce, ports.clock().get()));
            } else {
                take(coordinator.onWriteFailed(nonce, text(error)));
            }
            proceed();
        });
    }

    private void write(Action.Write write) {
        attemptDeadlineMs = nowMs() + settings.limits().write().toMillis();
        answered(ports.topic().write(write.nonce(), write.changes()), (nothing, error) -> {
            if (error != null) {
                take(coordinator.onWriteFailed(write.nonce(), text(error)));
                proceed();
            }
        });
    }

    private static String text(Throwable error) {
        return String.valueOf(FutureErrors.unwrapped(error).getMessage());
    }

    private void announce(Moment now) {
        if (!current) {
            return;
        }
        var due = ownRecord.due(coordinator.state(), !memberId.isEmpty(), now.elapsedMs(), now.wall());
        if (due.isEmpty()) {
            return;
        }
        var number = ownRecord.attempt();
        LOG.atInfo()
                .addKeyValue(NODE, self())
                .addKeyValue("incarnation", due.get().incarnation())
                .addKeyValue("beat", due.get().beat())
                .addKeyValue("reason", ownRecord.why())
                .log("announces itself");
        answered(ports.topic().announce(due.get()), (nothing, error) -> {
            if (error == null) {
                ownRecord.onWritten(number, nowMs());
            } else {
                ownRecord.onFailed(number, nowMs());
            }
        });
    }

    private void writeReports(long nowMs) {
        for (var report : reports.due(nowMs)) {
            answered(ports.topic().announce(report.status()), (nothing, error) -> {
                if (error == null) {
                    reports.onWritten(report, nowMs());
                } else {
                    reports.onFailed(report, nowMs());
                }
                writeReports(nowMs());
            });
        }
    }

    private void remove(long nowMs) {
        MetaState state = coordinator.state();
        for (var node : removals.due(state, role().equals(FOLLOWER), nowMs)) {
            LOG.atWarn()
                    .addKeyValue(NODE, node)
                    .log("removes a dead member from the cluster's group, so that the group elects again");
            answered(ports.group().remove(node), (nothing, error) -> {
                if (error != null) {
                    LOG.atWarn()
                            .addKeyValue(NODE, node)
                            .addKeyValue("error", text(error))
                            .log("cannot remove a dead member from the cluster's group");
                }
            });
        }
    }

    private ClusterView seen() {
        return new ClusterView(
                settings.self(), coordinator.state(), current, role(), coordinator.isLeading(), memberId, members);
    }
}
