package io.seawall.lifetime;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Explores, breadth first, every interleaving of a bounded number of callers' operations and of the steps that they start, each
 * step with each of its outcomes. So the first broken rule is reported with a shortest path to it.
 *
 * <p>Every path comes to rest: a phase that does not rest has a step in progress, and each opening uses up a term, of which an
 * operation adds one at most. {@link World} checks what holds at rest: every caller is answered, and the last expectation is
 * reached.
 */
final class LifetimeWalk {
    private static final PChannel PCHANNEL = new PChannel("orders", 0);
    private static final int TERMS = 5;

    /** The size of the explored space. */
    record Size(int states, int transitions) {}

    private record Move(String name, UnaryOperator<World> effect) {}

    private final WalException failure = Errors.unavailable("nothing");
    private final WalException fenced = Errors.fenced();
    private final Rules rules;
    private final Map<String, String> wayTo = new HashMap<>();
    private final ArrayDeque<World> open = new ArrayDeque<>();
    private int transitions;

    LifetimeWalk(Rules rules) {
        this.rules = rules;
    }

    Size walk(int operations) {
        visit(World.start(PCHANNEL, operations), "start");
        while (!open.isEmpty()) {
            var world = open.remove();
            var way = wayTo.getOrDefault(world.key(), "?");
            for (var move : moves(world)) {
                transitions++;
                visit(made(world, move, way), way + ", " + move.name());
            }
        }
        return new Size(wayTo.size(), transitions);
    }

    private static World made(World world, Move move, String way) {
        try {
            return move.effect().apply(world);
        } catch (AssertionError | IllegalStateException e) {
            throw new AssertionError(e.getMessage() + "; after: " + way + ", " + move.name(), e);
        }
    }

    private void visit(World world, String way) {
        if (wayTo.putIfAbsent(world.key(), way) == null) {
            open.add(world);
        }
    }

    private List<Move> moves(World world) {
        var moves = new ArrayList<Move>();
        world.step().ifPresent(step -> addEnds(step, moves));
        if (world.left() > 0) {
            addOperations(world, moves);
        }
        return moves;
    }

    private void addOperations(World world, List<Move> moves) {
        for (long term = 0; term < TERMS; term++) {
            moves.add(request(LifetimeState.availableAt(term)));
            moves.add(request(LifetimeState.unavailableAt(term)));
        }
        for (var waiter : world.pending()) {
            moves.add(operation(
                    "give up " + waiter.target(),
                    w -> w.without(waiter).after(rules.onWaiterGone(w.lifetime(), waiter))));
        }
        world.log()
                .ifPresent(log -> moves.add(operation(
                        "end of log", w -> w.logEnded().after(rules.onEnded(w.lifetime(), log.wal(), fenced)))));
        if (world.log().isEmpty()) {
            var gone = new FakeWal(PCHANNEL, 0, new Journal());
            moves.add(operation("end of a log that is gone", w -> w.after(rules.onEnded(w.lifetime(), gone, fenced))));
        }
        moves.add(operation("close", w -> w.after(rules.onShutdown(w.lifetime()))));
    }

    private Move request(LifetimeState target) {
        return operation((target.available() ? "open " : "remove ") + target.term(), world -> {
            var waiter = new Waiter(target);
            return world.with(waiter).after(rules.onRequest(world.lifetime(), waiter));
        });
    }

    private Move opened(String name, long term) {
        return new Move(name, world -> {
            var wal = new FakeWal(PCHANNEL, term, new Journal());
            return world.stepEnded(Optional.of(new World.OpenLog(wal, false, false)))
                    .after(rules.onOpened(world.lifetime(), wal));
        });
    }

    private static Move operation(String name, UnaryOperator<World> effect) {
        return new Move(name, world -> effect.apply(world.oneOperationLess()));
    }

    private void addEnds(Action step, List<Move> moves) {
        if (step instanceof Action.StartOpen start) {
            moves.add(opened("opened", start.term()));
            moves.add(opened("opened at another term", start.term() + 1));
            moves.add(new Move(
                    "opening failed",
                    world -> world.stepEnded(Optional.empty()).after(rules.onOpenFailed(world.lifetime(), failure))));
        } else if (step instanceof Action.Register) {
            moves.add(new Move(
                    "registered",
                    world -> world.stepEnded(world.log().map(log -> log.registered(true)))
                            .after(rules.onRegistered(world.lifetime()))));
            moves.add(new Move(
                    "registering failed",
                    world -> world.stepEnded(world.log().map(log -> log.registered(false)))
                            .after(rules.onRegisterFailed(world.lifetime(), failure, false))));
            moves.add(new Move(
                    "registering overdue",
                    world -> world.stepEnded(world.log().map(log -> log.registered(true)))
                            .after(rules.onRegisterFailed(world.lifetime(), failure, true))));
        } else if (step instanceof Action.Unregister) {
            moves.add(new Move(
                    "unregistered",
                    world -> world.stepEnded(world.log().map(log -> log.registered(false)))
                            .after(rules.onUnregistered(world.lifetime()))));
        } else if (step instanceof Action.CloseWal) {
            moves.add(new Move(
                    "closed", world -> world.stepEnded(Optional.empty()).after(rules.onClosed(world.lifetime()))));
        }
    }
}
