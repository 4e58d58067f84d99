package io.seawall.coordinator.member;

import io.seawall.coordinator.placement.Command;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Commands that wait for the coordinator, in their order, and the one whose decision is being written. Not thread-safe. */
final class CommandQueue {
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private Optional<Waiting> writing = Optional.empty();

    /**
     * A command.
     *
     * @param done completed when its decision was read
     * @param deadlineMs when it is given up unless it was decided
     */
    record Waiting(Command command, CompletableFuture<Void> done, long deadlineMs) {
        private WalException notDone(String found, Effect effect) {
            return Problem.of(ErrorCode.UNAVAILABLE, "change the cluster by " + command)
                    .found(found)
                    .effect(effect)
                    .fix("try again, at the node that coordinates")
                    .exception();
        }
    }

    /** What a caller has to be told, once the member's own step is over. */
    record Answer(CompletableFuture<Void> done, Optional<WalException> error) {
        void give() {
            error.ifPresentOrElse(done::completeExceptionally, () -> done.complete(null));
        }
    }

    void add(Waiting command) {
        waiting.add(command);
    }

    Optional<Waiting> first() {
        return Optional.ofNullable(waiting.peek());
    }

    /** The first command was decided, and needs nothing to be written, or was refused. */
    Answer answerFirst(Optional<WalException> error) {
        return new Answer(waiting.remove().done(), error);
    }

    /** The decision about the first command is being written. */
    void writeFirst() {
        writing = Optional.of(waiting.remove());
    }

    /** The last decision was read. */
    List<Answer> onRead() {
        var answers = writing.stream()
                .map(each -> new Answer(each.done(), Optional.empty()))
                .toList();
        writing = Optional.empty();
        return answers;
    }

    /** This node does not coordinate, or not any more. */
    List<Answer> onFollower(String node) {
        var answers = new ArrayList<Answer>();
        writing.ifPresent(each -> answers.add(answer(
                each, each.notDone(node + ", which lost the role of the coordinator while it wrote", Effect.UNKNOWN))));
        writing = Optional.empty();
        for (var each : waiting) {
            answers.add(answer(each, each.notDone(node + ", which does not coordinate", Effect.NONE)));
        }
        waiting.clear();
        return answers;
    }

    /** Gives up commands that waited for too long. */
    List<Answer> expire(long nowMs) {
        var answers = new ArrayList<Answer>();
        while (!waiting.isEmpty() && nowMs >= waiting.peek().deadlineMs()) {
            var each = waiting.remove();
            answers.add(answer(each, each.notDone("no decision in time", Effect.NONE)));
        }
        return answers;
    }

    /** The process ends. */
    List<Answer> close() {
        var answers = new ArrayList<Answer>();
        writing.ifPresent(each -> answers.add(answer(each, closing(Effect.UNKNOWN))));
        waiting.forEach(each -> answers.add(answer(each, closing(Effect.NONE))));
        writing = Optional.empty();
        waiting.clear();
        return answers;
    }

    static WalException closing() {
        return closing(Effect.NONE);
    }

    private static WalException closing(Effect effect) {
        return Problem.of(ErrorCode.SHUTTING_DOWN, "change the cluster")
                .found("a member that is closing")
                .effect(effect)
                .exception();
    }

    private static Answer answer(Waiting command, WalException error) {
        return new Answer(command.done(), Optional.of(error));
    }
}
