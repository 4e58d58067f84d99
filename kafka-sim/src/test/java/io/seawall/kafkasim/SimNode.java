package io.seawall.kafkasim;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.runtime.Logs;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One process that runs the real wal-kafka, and its callers. */
final class SimNode {
    private static final long CLOSE_US = 8_000_000;

    private final SimWorld world;
    private final SimProcess process;
    private final Logs logs;
    private final List<Opened> opened = new ArrayList<>();
    private final List<Reading> readings = new ArrayList<>();
    private int openings;
    private int resent;

    SimNode(SimWorld world, String name) {
        this.world = world;
        this.process = world.kafka().process(name);
        this.logs = Logs.on(
                world.kafka().ports(process, world.settings()),
                world.settings(),
                new NodeIdentity(name, () -> null),
                true);
    }

    SimProcess process() {
        return process;
    }

    Logs logs() {
        return logs;
    }

    /** Starts an opening and hands its log to the callers. */
    Opening open(PChannel pchannel, long term) {
        openings++;
        world.watch().opening(this, term);
        var opening = logs.opener().open(pchannel, term);
        FutureListeners.listen(opening.wal(), (wal, error) -> {
            openings--;
            world.watch().opened(this, term, error);
            if (error == null) {
                var mine = new Opened(wal);
                opened.add(mine);
                FutureListeners.listen(wal.ended(), (why, impossible) -> {
                    mine.end();
                    world.watch().ended(this, why);
                });
            }
        });
        return opening;
    }

    int openings() {
        return openings;
    }

    /** Returns the logs that this node believes to own. */
    List<Opened> owned() {
        return opened.stream().filter(log -> !log.isOver()).toList();
    }

    @Nullable
    Opened owned(int pick) {
        var owned = owned();
        return owned.isEmpty() ? null : owned.get(pick % owned.size());
    }

    /** Appends a new batch. */
    void append(Opened log, int count, int padding) {
        send(log, world.history().begin(count, padding), AppendRequest::of);
    }

    /** Appends a batch of a session, possibly again. */
    void send(Opened log, Session.Sending sending) {
        send(log, sending.append(), batch -> AppendRequest.of(batch).by(sending.number()), sending);
    }

    /** Appends with conditions. */
    void send(Opened log, SimHistory.Append append, Function<List<WalRecord>, AppendRequest> request) {
        send(log, append, request, null);
    }

    private void send(
            Opened log,
            SimHistory.Append append,
            Function<List<WalRecord>, AppendRequest> request,
            Session.@Nullable Sending sending) {
        append.attempt();
        var history = world.history();
        var truth = world.log();
        var attempt = log.asked(append);
        var asked = request.apply(append.batch());
        var epoch = log.wal().epoch();
        world.trace()
                .add(() -> process.name() + " appends " + append.name() + " at term "
                        + log.wal().term() + ", if tail is " + asked.ifTail() + ", as " + asked.writer());
        FutureListeners.listen(log.wal().append(asked), (at, error) -> {
            world.trace().add(() -> process.name() + " got for " + append.name() + ": " + at + " " + error);
            var inOrder = log.answered(attempt);
            if (error == null) {
                world.violations()
                        .check(
                                asked.ifTail() == null || at.repeated() || at.first() == asked.ifTail(),
                                () -> append.name() + " was to be written at LSN " + asked.ifTail() + ": " + at);
                history.acknowledged(append, at);
                world.violations()
                        .check(
                                world.settings().ack() == WalSettings.Ack.REPLICATED || truth.isDecidedBelow(at.tail()),
                                () -> append.name() + " is acknowledged as committed and is not: " + at);
                world.violations().check(inOrder, () -> "P3: " + append + " is acknowledged before an earlier one");
                resent += at.repeated() || log.wal().epoch() == epoch ? 0 : 1;
            } else if (error instanceof WalException problem) {
                var bug = problem.code() == ErrorCode.INTERNAL
                        || problem.code() == ErrorCode.DATA_LOSS
                        || problem.code() == ErrorCode.INVALID;
                world.violations().check(!bug, () -> append.name() + " ends with " + problem.getMessage());
                var owned = log.wal().term() >= world.log().winningTerm();
                history.failed(append, problem, owned, sending);
            } else {
                world.violations().report("an append ends with " + error);
            }
        });
    }

    /** Commits: everything that the log had before must then be committed. */
    void commit(Opened log) {
        var below = log.wal().tail();
        var truth = world.log();
        FutureListeners.listen(log.wal().commit(), (committed, error) -> {
            if (error == null) {
                truth.catchUp();
                world.violations()
                        .check(
                                committed >= below && truth.isDecidedBelow(committed),
                                () -> "a commit below LSN " + below + " ends at " + committed
                                        + " where less is committed");
            }
        });
    }

    /** Requests the current tail: everything that any owner acknowledged before must be below it. */
    void confirm(Opened log) {
        var acked = world.history().ackedTail();
        FutureListeners.listen(
                log.wal().checkTail(),
                (tail, error) -> world.violations()
                        .check(
                                error != null || tail >= acked,
                                () -> "confirmed is " + tail + " after LSN " + acked + " was acknowledged"));
    }

    /** Returns how many appends were acknowledged at a later epoch than the one at which they were made. */
    int resent() {
        return resent;
    }

    /**
     * Closes a log as a blocking caller does: the simulation runs on until the lanes are released or a time limit is reached.
     */
    void close(Opened log) {
        world.loop().runFor(200);
        if (!log.isOver()) {
            var left = process.openProducers() - 2;
            process.blockInNextTask(() -> {
                world.loop().runUntil(() -> process.openProducers() <= left, CLOSE_US);
                world.loop().runFor(2_000);
            });
        }
        log.end();
        // Makes a caller that still waits when simulated time is over give up at once instead of after real seconds.
        Thread.currentThread().interrupt();
        log.wal().close();
        var unused = Thread.interrupted();
        process.blockInNextTask(() -> {});
    }

    void add(Reading reading) {
        readings.add(reading);
    }

    List<Reading> readings() {
        return readings;
    }
}
