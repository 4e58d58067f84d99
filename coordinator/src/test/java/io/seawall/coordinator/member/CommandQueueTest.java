package io.seawall.coordinator.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.member.FakeTopic.Fate;
import io.seawall.coordinator.placement.Command;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CommandQueueTest {
    private static final Command ADD = new Command.AddTopic("t", 2);
    private final MemberLab lab = new MemberLab();

    private CompletableFuture<Void> ask(Command command) {
        var done = lab.member().command(command);
        lab.run();
        return done;
    }

    private static WalException error(CompletableFuture<Void> failed) {
        assertThat(failed).isCompletedExceptionally();
        var cause =
                failed.handle((nothing, error) -> FutureErrors.unwrapped(error)).join();
        assertThat(cause).isInstanceOf(WalException.class);
        return (WalException) Objects.requireNonNull(cause);
    }

    @Test
    void aCommandIsDoneWhenItsDecisionWasRead() {
        lab.leading();
        var done = ask(ADD);
        assertThat(lab.role()).isEqualTo("writing");
        assertThat(done).isNotDone();

        lab.settle();

        assertThat(done).isCompleted();
        assertThat(lab.member().view().state().topic("t")).isPresent();
        assertThat(lab.nowMs()).as("no tick was needed").isZero();
    }

    @Test
    void aCommandThatChangesNothingIsDoneAtOnce() {
        lab.leading();
        var first = ask(ADD);
        lab.settle();
        assertThat(first).isCompleted();
        var written = lab.topic().written().size();

        assertThat(ask(ADD)).isCompleted();
        assertThat(lab.topic().written()).hasSize(written);
    }

    @Test
    void commandsAreDecidedOneAfterTheOther() {
        lab.leading();
        var first = lab.member().command(ADD);
        var second = lab.member().command(new Command.AddTopic("u", 1));
        var third = lab.member().command(new Command.RemoveTopic("t"));
        lab.settle();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(third).isCompleted();
        assertThat(lab.member().view().state().topic("t")).isEmpty();
        assertThat(lab.member().view().state().topic("u")).isPresent();
    }

    @Test
    void aCommandThatIsRefusedFailsAndTheNextOneIsDecided() {
        lab.leading();
        var refused = lab.member().command(new Command.PinLog(new PChannel("none", 0), "n1", ""));
        var next = lab.member().command(ADD);
        lab.settle();

        assertThat(error(refused).code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(next).isCompleted();
    }

    @Test
    void aNodeThatDoesNotCoordinateFailsCommandsAtOnce() {
        lab.joined();

        assertThat(error(ask(ADD)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void aCommandWaitsWhileTheNodeIsAboutToCoordinateAndUntilTheGroupAnswers() {
        lab.joined();
        lab.group().listener().onElected();
        lab.run();
        var done = ask(ADD);
        lab.pass(1_000);
        assertThat(lab.role()).isEqualTo("leading");
        assertThat(done).isNotDone();

        lab.group().members("n1");
        lab.pass(2_500);

        assertThat(done).isCompleted();
    }

    @Test
    void aCommandThatWaitsForTooLongFails() {
        lab.joined();
        lab.elect();
        var done = ask(ADD);
        lab.pass(9_800);
        assertThat(done).isNotDone();

        lab.pass(300);

        assertThat(error(done).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error(done).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void aCommandWhoseWriteFailsMayHaveBeenDone() {
        lab.leading();
        lab.topic().write(Fate.FAILS);
        var done = ask(ADD);

        assertThat(error(done).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error(done).effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void aCommandWhoseWriteWasGivenUpIsNotDoneBecauseTheNodeLeadsAgain() {
        lab.leading();
        lab.topic().write(Fate.HANGS);
        var done = ask(ADD);
        lab.group().broken(true);
        lab.passDeaf(200);

        lab.group().broken(false);
        lab.topic().write(Fate.DONE);
        lab.pass(1_000);

        assertThat(lab.role()).isEqualTo("leading");
        assertThat(error(done).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error(done).effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void aCommandWhoseWriteHangsFailsWithTheAttempt() {
        lab.leading();
        lab.topic().write(Fate.HANGS);
        var done = ask(ADD);
        lab.pass(10_100);

        assertThat(error(done).effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void commandsThatWaitFailWhenTheNodeIsDeposed() {
        lab.leading();
        lab.topic().write(Fate.HANGS);
        var writing = ask(ADD);
        var waiting = ask(new Command.AddTopic("u", 1));
        lab.group().listener().onDeposed();
        lab.settle();

        assertThat(error(writing).effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(error(waiting).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void moreCommandsThanTheLimitAreRefusedUntilOthersAreDone() {
        lab.leading();
        lab.topic().write(Fate.HANGS);
        var all = new ArrayList<CompletableFuture<Void>>();
        for (var each = 0; each < 1_000; each++) {
            all.add(lab.member().command(new Command.AddTopic("t" + each, 1)));
        }
        lab.run();

        assertThat(error(lab.member().command(ADD)).code()).isEqualTo(ErrorCode.OVERLOADED);
        lab.pass(10_100);
        assertThat(all).allMatch(CompletableFuture::isDone);
        assertThat(ask(ADD)).as("it is taken").isNotDone();
    }

    @Test
    void commandsFailWhenTheMemberIsClosed() {
        lab.leading();
        lab.topic().write(Fate.HANGS);
        var writing = ask(ADD);
        lab.member().close();
        lab.run();

        assertThat(error(writing).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(error(lab.member().command(ADD)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }

    @Test
    void whatACallerDoesWithAnAnswerIsOutsideOfTheStep() {
        lab.leading();
        var next = new ArrayList<CompletableFuture<Void>>();
        var first =
                lab.member().command(ADD).thenRun(() -> next.add(lab.member().command(new Command.AddTopic("u", 1))));
        lab.settle();

        assertThat(first).isCompleted();
        assertThat(next).singleElement().satisfies(done -> assertThat(done).succeedsWithin(Duration.ZERO));
    }
}
