package io.seawall.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.plantedbugs.Edit;
import io.seawall.plantedbugs.PatchedProduct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the test: the simulation finds each guard that is taken away, by the rule that the guard serves. */
class PlantedFaultsTest {
    private static final List<Path> SOURCES = List.of(Path.of("src", "main", "java"), Path.of("src", "test", "java"));
    private static final long MOST_SEEDS = Long.getLong("sim.most", 60);

    /**
     * A fault.
     *
     * @param name what is wrong
     * @param edits how to plant it
     * @param broken a part of the rule that has to be found broken
     */
    record Fault(String name, List<Edit> edits, String broken) {
        static Fault of(String name, String broken, String type, String fragment, String replacement) {
            return new Fault(name, List.of(new Edit(type, fragment, replacement)), broken);
        }

        Fault and(String type, String fragment, String replacement) {
            var more = Stream.concat(edits.stream(), Stream.of(new Edit(type, fragment, replacement)));
            return new Fault(name, more.toList(), broken);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Fault> terms() {
        return List.of(
                Fault.of(
                        "a stale coordinator is not fenced", "", "SimTopic", "return writer == epoch;", "return true;"),
                Fault.of(
                                "a coordinator decides before it has read its own announcement",
                                "",
                                "Coordinator",
                                "with(announcing), List.of(",
                                "with(announcing.toLeading()), List.of(")
                        .and("Coordinator", "rival = Optional.of(record.node());", "rival = Optional.empty();"),
                Fault.of(
                        "a second decision is made before the first was read",
                        "",
                        "Coordinator",
                        "return new Step(with(writing), List.of(write));",
                        "return new Step(with(writing.toLeading()), List.of(write));"),
                Fault.of(
                        "a term that a node met in the log is given out again",
                        "",
                        "Draft",
                        "highest = Math.max(highest, status.highestTerm());",
                        "highest = Math.max(highest, -1);"),
                Fault.of(
                        "the term is forgotten with the topic",
                        "deletes assignment",
                        "Housekeeping",
                        "draft.write(assignment.toRetired(draft.note(Reason.TOPIC_GONE, \"the topic is gone\")));",
                        "draft.remove(assignment.key());"),
                Fault.of(
                        "the state depends on records that compaction drops",
                        "the compacted topic gives another state",
                        "MetaState",
                        "        records.remove(news.key());\n",
                        ""));
    }

    static List<Fault> owners() {
        return List.of(
                Fault.of(
                                "a late hint is about the next process too",
                                "not reported dead",
                                "Housekeeping",
                                "node.get().incarnation().equals(hint.incarnation())",
                                "!hint.incarnation().isEmpty()")
                        .and(
                                "Coordinator",
                                "node.get().incarnation().equals(hint.incarnation())",
                                "!hint.incarnation().isEmpty()"),
                Fault.of(
                        "a node that was wrongly suspected stays out for ever",
                        "",
                        "MetaRecord",
                        "&& announced.beat() == beat;",
                        "&& announced.beat() >= beat;"),
                Fault.of(
                                "a suspected node gets logs in the same decision",
                                "",
                                "Planner",
                                "suspicions.keySet(), settings);",
                                "Set.of(), settings);")
                        .and(
                                "Planner",
                                "import java.util.TreeMap;",
                                "import java.util.Set;\nimport java.util.TreeMap;"),
                Fault.of(
                        "there is no grace",
                        "which is there",
                        "Nodes",
                        "answeredMs - known.goneMs() >= graceMs",
                        "answeredMs >= graceMs - graceMs"),
                Fault.of(
                        "a deleted group proves that its members are silent",
                        "which is there",
                        "NodeWatch",
                        "Math.max(knownMs, joinedMs);",
                        "Math.max(knownMs, -joinedMs);"),
                Fault.of(
                        "an answer without the coordinator is taken",
                        "",
                        "Coordinator",
                        ".filter(answer -> answer.contains(self.node()))",
                        ".filter(answer -> answer.size() >= 0)"),
                Fault.of(
                        "an assignment is to the node, not to its process",
                        "",
                        "Judge",
                        "node.owner().equals(owner)",
                        "node.id().equals(owner.node())"),
                Fault.of(
                        "the report of any process counts",
                        "",
                        "Judge",
                        "seen.state().status(owned.pchannel(), owned.owner().incarnation());",
                        "seen.state().statuses(owned.pchannel()).stream().findFirst();"),
                Fault.of(
                                "a handover waits for a source that is gone",
                                "",
                                "Judge",
                                "if (standing != Standing.LIVE && standing != Standing.LEAVING && standing != Standing.UNREADABLE) {",
                                "if (standing == Standing.UNREADABLE) {")
                        .and(
                                "Judge",
                                "if (standing != Standing.UNREADABLE && !isCurrent(releasing.owner())) {",
                                "if (standing == Standing.UNREADABLE && !isCurrent(releasing.owner())) {")
                        .and("Judge", ">= settings.patience().release().toMillis()", "< 0"),
                Fault.of(
                        "a log that lost data is opened again",
                        "after it has lost data",
                        "Judge",
                        "Set.of(ErrorCode.DATA_LOSS.name(), ErrorCode.FORGED.name());",
                        "Set.of(ErrorCode.FORGED.name());"),
                Fault.of(
                        "a log that fails is tried again at once",
                        "is tried again after",
                        "Judge",
                        "if (nowMs - watchOf(owned).reportMs() < pauseMs) {",
                        "if (pauseMs < 0) {"));
    }

    static List<Fault> moves() {
        return List.of(
                Fault.of(
                        "a difference of one is evened out",
                        "for a difference of less than 2",
                        "Moving",
                        "TOLERATED_DIFFERENCE = 1;",
                        "TOLERATED_DIFFERENCE = 0;"),
                Fault.of(
                        "a log on its way does not count where it goes",
                        "",
                        "Planner",
                        "draft.count(releases.target(), pchannel);",
                        "draft.count(\"\", pchannel);"),
                Fault.of(
                        "openings are not bounded",
                        "at once",
                        "Load",
                        "return openings < bounds.openings() && !isStuck(bounds);",
                        "return bounds.openings() > 0;"),
                Fault.of(
                        "moves are not bounded",
                        "are moved at once",
                        "Draft",
                        "return settings.bounds().moves() - moves;",
                        "return settings.bounds().moves() - moves + 50;"),
                Fault.of(
                        "a freeze is ignored",
                        "in spite of freeze",
                        "Moving",
                        "var all = draft.nodes().freeze(MetaKey.freezeAll(), now);",
                        "var all = \"\" + \"\";"),
                Fault.of(
                        "the rest of a release is not counted",
                        "are moved at once",
                        "Planner",
                        "            draft.countMove();\n            if (!releases",
                        "            if (!releases"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"terms", "owners", "moves"})
    void isFound(Fault fault, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        try (var product = PatchedProduct.with(SOURCES, fault.edits(), directory)) {
            var found = product.search(SimRun.class, 0, MOST_SEEDS);
            System.out.println("'" + fault + "' found by seed " + found.seed() + ": " + found.violation());
            assertThat(found.violation())
                    .as("what %s seeds found of '%s'", MOST_SEEDS, fault)
                    .isNotEmpty()
                    .contains(fault.broken());
        }
    }
}
