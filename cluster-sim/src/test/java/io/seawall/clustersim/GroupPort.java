package io.seawall.clustersim;

import io.seawall.clustersim.GroupModel.Answer;
import io.seawall.coordinator.member.Group;
import io.seawall.kafkasim.SimProcess;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One process's membership in the group, as {@code KafkaGroup} and its consumer behave. */
final class GroupPort implements Group {
    private static final long HEARTBEAT_MS = 300;
    private static final long ANSWER_MS = 2_000;

    private final World world;
    private final SimProcess process;
    private final String node;
    private final long sessionMs;
    private String memberId = "";
    private boolean holds;
    private boolean silent;
    private long heardMs;
    private boolean cut;
    private boolean closed;

    GroupPort(World world, SimProcess process, String node, long sessionMs) {
        this.world = world;
        this.process = process;
        this.node = node;
        this.sessionMs = sessionMs;
    }

    /** Cuts the process off from the group, or ends that. */
    void cut(boolean now) {
        cut = now;
    }

    private boolean isCut() {
        return cut || process.isCutOff();
    }

    /** Returns whether the group has this process as a member. */
    boolean isMember() {
        return !memberId.isEmpty() && world.group().contains(node, memberId);
    }

    @Override
    public void join(Listener listener) {
        process.after(world.random().nextLong(20, 1_500), () -> joinNow(listener));
    }

    private void joinNow(Listener listener) {
        if (closed) {
            return;
        }
        var joined = isCut() ? "" : world.group().join(node);
        if (joined.isEmpty()) {
            process.after(world.random().nextLong(200, 1_000), () -> joinNow(listener));
            return;
        }
        world.tell(() -> process.name() + " joins as " + joined);
        memberId = joined;
        silent = false;
        heardMs = world.nowMs();
        listener.onJoined(joined);
        process.after(HEARTBEAT_MS, () -> beat(listener));
    }

    private void beat(Listener listener) {
        if (closed) {
            return;
        }
        // The request travels, and so does its answer.
        process.after(world.random().nextLong(1, 20), () -> {
            var answer = isCut() ? Answer.NONE : world.group().heartbeat(node, memberId);
            process.after(world.random().nextLong(1, 20), () -> heard(answer, listener));
        });
    }

    private void heard(Answer answer, Listener listener) {
        if (closed) {
            return;
        }
        if (answer == Answer.UNKNOWN) {
            if (!silent) {
                withdraw(listener);
            }
            memberId = "";
            holds = false;
            process.after(world.random().nextLong(200, 2_000), () -> joinNow(listener));
            return;
        }
        if (answer == Answer.NONE) {
            if (!silent && world.nowMs() - heardMs >= sessionMs) {
                silent = true;
                withdraw(listener);
            }
        } else {
            onSign(answer == Answer.HOLDER, listener);
        }
        process.after(HEARTBEAT_MS, () -> beat(listener));
    }

    private void onSign(boolean holdsNow, Listener listener) {
        heardMs = world.nowMs();
        var wasSilent = silent;
        silent = false;
        if (wasSilent) {
            listener.onJoined(memberId);
        }
        if (holdsNow && (!holds || wasSilent)) {
            listener.onElected();
        } else if (!holdsNow && holds && !wasSilent) {
            listener.onDeposed();
        }
        holds = holdsNow;
    }

    private void withdraw(Listener listener) {
        if (holds) {
            listener.onDeposed();
        }
        listener.onLost();
    }

    @Override
    public CompletableFuture<Set<String>> members() {
        var done = new CompletableFuture<Set<String>>();
        if (isCut() || world.answerIsLost()) {
            process.after(ANSWER_MS, () -> done.completeExceptionally(error("ask for the members")));
        } else {
            process.after(
                    world.random().nextLong(1, 30),
                    () -> done.complete(world.group().describe()));
        }
        return done;
    }

    private static Throwable error(String operation) {
        return Problem.of(ErrorCode.UNAVAILABLE, operation).found("no answer").exception();
    }

    @Override
    public CompletableFuture<Void> remove(String dead) {
        var done = new CompletableFuture<Void>();
        if (isCut()) {
            process.after(ANSWER_MS, () -> done.completeExceptionally(error("remove " + dead)));
        } else {
            process.after(world.random().nextLong(1, 30), () -> {
                world.tell(() -> process.name() + " removes " + dead + " from the group");
                world.group().remove(dead);
                done.complete(null);
            });
        }
        return done;
    }

    @Override
    public void close() {
        closed = true;
        if (!isCut()) {
            world.group().leave(node, memberId);
        }
    }
}
