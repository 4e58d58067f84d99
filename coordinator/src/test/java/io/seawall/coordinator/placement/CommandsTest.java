package io.seawall.coordinator.placement;

import static io.seawall.coordinator.placement.Scene.log;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.News;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CommandsTest {
    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of(new Command.PinLog(log(9), "n1", ""), ErrorCode.NOT_FOUND, "no such log"),
                Arguments.of(new Command.PinLog(log(0), "n9", ""), ErrorCode.NOT_FOUND, "no such node"),
                Arguments.of(new Command.PinLog(log(0), "../n1", ""), ErrorCode.NOT_FOUND, "no such node"),
                Arguments.of(new Command.DrainNode("n9", true, ""), ErrorCode.NOT_FOUND, "no such node"),
                Arguments.of(new Command.ResumeNode("n9"), ErrorCode.NOT_FOUND, "no such node"),
                Arguments.of(new Command.Unquarantine(log(0)), ErrorCode.INVALID, "a log that is owned"),
                Arguments.of(new Command.Unquarantine(log(9)), ErrorCode.NOT_FOUND, "no such log"),
                Arguments.of(new Command.ForgetNode("n2"), ErrorCode.INVALID, "a node that is not gone"),
                Arguments.of(new Command.ForgetNode("n9"), ErrorCode.NOT_FOUND, "no such node"),
                Arguments.of(new Command.AddTopic("t", 1), ErrorCode.INVALID, "expected 4 to 1000000"),
                Arguments.of(new Command.AddTopic("u", 0), ErrorCode.INVALID, "expected 1 to 1000000"),
                Arguments.of(new Command.AddTopic("u", 1_000_001), ErrorCode.INVALID, "expected 1 to 1000000"),
                Arguments.of(new Command.PinLog(log(0), "n1", "x".repeat(301)), ErrorCode.INVALID, "301 characters"),
                Arguments.of(new Command.DrainNode("n1", false, "x".repeat(301)), ErrorCode.INVALID, "301 characters"),
                Arguments.of(
                        new Command.FreezeMoves(MetaKey.freezeAll(), "x".repeat(301), Optional.empty()),
                        ErrorCode.INVALID,
                        "301 characters"),
                Arguments.of(
                        new Command.FreezeMoves(MetaKey.freezeAll(), "", Optional.of(ChronoUnit.FOREVER.getDuration())),
                        ErrorCode.INVALID,
                        "up to PT87600H"),
                Arguments.of(new Command.AddTopic("meta", 1), ErrorCode.INVALID, "reserved"),
                Arguments.of(
                        new Command.FreezeMoves(MetaKey.freezeNode("n9"), "", Optional.empty()),
                        ErrorCode.NOT_FOUND,
                        "no such node"),
                Arguments.of(
                        new Command.FreezeMoves(MetaKey.freezePChannel(log(9)), "", Optional.empty()),
                        ErrorCode.NOT_FOUND,
                        "no such log"),
                Arguments.of(new Command.ThawMoves(MetaKey.freezeNode("n9")), ErrorCode.NOT_FOUND, "no such node"),
                Arguments.of(new Command.ThawMoves(MetaKey.freezePChannel(log(9))), ErrorCode.NOT_FOUND, "no such log"),
                Arguments.of(new Command.UnpinLog(log(9)), ErrorCode.NOT_FOUND, "no such log"),
                Arguments.of(
                        new Command.FreezeMoves(MetaKey.freezeAll(), "", Optional.of(Duration.ZERO)),
                        ErrorCode.INVALID,
                        "a duration of PT0S"),
                Arguments.of(
                        new Command.FreezeMoves(MetaKey.topic("t"), "", Optional.empty()),
                        ErrorCode.INVALID,
                        "the scope topic/t"),
                Arguments.of(
                        new Command.ThawMoves(new MetaKey(MetaKey.Kind.FREEZE, "x")),
                        ErrorCode.INVALID,
                        "the scope freeze/x"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatDoesNotExistOrIsNotAllowed(Command command, ErrorCode code, String found) {
        var scene = Scene.steady(4, "n1", "n2");

        assertThatThrownBy(() -> scene.command(command))
                .isInstanceOfSatisfying(
                        WalException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code))
                .hasMessageContaining(found);
    }

    static Stream<Command> ends() {
        return Stream.of(
                new Command.UnpinLog(log(0)),
                new Command.ResumeNode("n1"),
                new Command.ThawMoves(MetaKey.freezeAll()),
                new Command.ThawMoves(MetaKey.freezeNode("n1")),
                new Command.ThawMoves(MetaKey.freezePChannel(log(0))));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void theEndOfWhatWasNeverOrderedChangesNothing(Command command) {
        assertThat(Scene.steady(4, "n1", "n2").command(command).isEmpty()).isTrue();
    }

    @Test
    void ordersAboutANodeThatWasForgottenCanBeTakenBack() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.command(new Command.FreezeMoves(MetaKey.freezeNode("n2"), "audit", Optional.empty()));
        scene.drop("n2");
        scene.run(Duration.ofSeconds(30));
        scene.command(new Command.ForgetNode("n2"));

        scene.command(new Command.ThawMoves(MetaKey.freezeNode("n2")));

        assertThat(scene.state().freezes()).isEmpty();
    }

    @Test
    void refusesToChangeWhatThisVersionCannotRead() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.command(new Command.DrainNode("n2", false, ""));
        scene.run(Duration.ofSeconds(30));
        scene.read(new News.Unreadable(MetaKey.topic("t"), "format 2"));
        scene.read(new News.Unreadable(MetaKey.node("n2"), "format 2"));

        assertThatThrownBy(() -> scene.command(new Command.AddTopic("t", 1)))
                .hasMessageContaining("a topic whose record this version cannot read");
        assertThatThrownBy(() -> scene.command(new Command.ForgetNode("n2")))
                .hasMessageContaining("a node whose record this version cannot read");
    }

    @Test
    void refusesADrainThatWouldLeaveLogsWithoutAnOwnerUnlessItIsForced() {
        var scene = Scene.steady(4, "n1");

        assertThatThrownBy(() -> scene.command(new Command.DrainNode("n1", false, "")))
                .hasMessageContaining("no other node that may take its logs")
                .hasMessageContaining("force the drain");
        assertThat(scene.command(new Command.DrainNode("n1", true, "")).written())
                .hasSize(1);
    }

    @Test
    void refusesToDrainTheLastNodeThatIsNotDrained() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.command(new Command.DrainNode("n2", false, ""));

        assertThatThrownBy(() -> scene.command(new Command.DrainNode("n1", false, "")))
                .hasMessageContaining("no other node");
    }

    @Test
    void aNodeThatIsGoneAndHasNoLogsCanBeForgotten() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.drop("n2");
        scene.run(Duration.ofSeconds(30));

        scene.command(new Command.ForgetNode("n2"));

        assertThat(scene.state().node("n2")).isEmpty();
    }

    @Test
    void aNodeThatWasReportedDeadCanBeForgottenOnceTheGroupHasDroppedIt() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.observe(scene.hint("n2"));
        scene.run(Duration.ofSeconds(30));
        assertThatThrownBy(() -> scene.command(new Command.ForgetNode("n2"))).hasMessageContaining("not gone");

        scene.drop("n2");
        scene.run(Duration.ofSeconds(1));
        scene.command(new Command.ForgetNode("n2"));

        assertThat(scene.state().node("n2")).isEmpty();
    }

    @Test
    void aTopicThatIsThereAlreadyChangesNothing() {
        var scene = Scene.steady(4, "n1", "n2");

        assertThat(scene.command(new Command.AddTopic("t", 4)).isEmpty()).isTrue();
        assertThat(scene.command(new Command.AddTopic("t", 5)).written()).hasSize(1);
        assertThat(scene.state().pchannels()).contains(new PChannel("t", 4));
    }
}
