package io.seawall.clustersim;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.plantedbugs.Edit;
import io.seawall.plantedbugs.PatchedProduct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the test: the simulation finds each bug within a thousand seeds, by the rule that the guard serves. */
@Tag("full")
class PlantedClusterBugsTest {
    private static final List<Path> SOURCES = Stream.of(
                    "src/test/java",
                    "../coordinator/src/main/java",
                    "../lifetime/src/main/java",
                    "../node/src/main/java",
                    "../flusher/src/main/java")
            .map(Path::of)
            .toList();
    private static final long MOST_SEEDS = Long.getLong("sim.most", 1_000);

    /**
     * A bug.
     *
     * @param name what is wrong
     * @param broken a part of the rule that has to be found broken
     * @param edits how to plant it
     * @param from the first seed to try
     */
    record Bug(String name, String broken, List<Edit> edits, long from) {
        static Bug of(String name, String broken, String type, String fragment, String replacement) {
            return new Bug(name, broken, List.of(new Edit(type, fragment, replacement)), 0);
        }

        Bug and(String type, String fragment, String replacement) {
            var more = Stream.concat(edits.stream(), Stream.of(new Edit(type, fragment, replacement)));
            return new Bug(name, broken, more.toList(), from);
        }

        /** Starts the search shortly before a seed that finds the bug. */
        Bug from(long seed) {
            return new Bug(name, broken, edits, seed);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Bug> coordinators() {
        return List.of(
                Bug.of(
                        "the brokers do not fence a coordinator",
                        "",
                        "MetaLog",
                        "return writer == epoch;",
                        "return writer >= 0;"),
                Bug.of(
                        "a coordinator does not give up after a write without an answer",
                        "liveness",
                        "Coordinator",
                        "return role instanceof Follower || !role.nonce().equals(nonce) ? same() : follow(why);",
                        "return role instanceof Follower || !nonce.equals(why) ? same() : follow(why);"),
                Bug.of(
                                "a term follows from a stale replay: it decides before it has read its own announcement",
                                "",
                                "Coordinator",
                                "with(announcing), List.of(",
                                "with(announcing.toLeading()), List.of(")
                        .and("Coordinator", "rival = Optional.of(record.node());", "rival = Optional.empty();"),
                Bug.of(
                        "a handover skips the release of a live owner",
                        "is taken from",
                        "Judge",
                        "        if (ended) {\n            return Optional.of(releasing.note().text());",
                        "        if (ended || !node.isEmpty()) {\n            return Optional.of(releasing.note().text());"),
                Bug.of(
                        "a time-out of the group counts as a hint",
                        "nobody reported dead",
                        "Housekeeping",
                        "        return found;\n",
                        """
                                for (var node : seen.state().nodes()) {
                                    if (!node.id().equals(seen.self())
                                            && seen.state().suspicion(node.id()).isEmpty()
                                            && seen.members().filter(all -> !all.nodes().contains(node.id())).isPresent()) {
                                        found.put(
                                                node.id(),
                                                new Suspicion(
                                                        node.id(),
                                                        node.incarnation(),
                                                        node.beat(),
                                                        seen.self(),
                                                        seen.now().wall()));
                                    }
                                }
                                return found;
                        """),
                Bug.of(
                        "the report of a zombie replaces the owner's",
                        "",
                        "Judge",
                        "seen.state().status(owned.pchannel(), owned.owner().incarnation());",
                        "seen.state().statuses(owned.pchannel()).stream().findFirst();"));
    }

    static List<Bug> nodes() {
        return List.of(
                Bug.of(
                        "an assignment is to the node, not to its process",
                        "which was given to",
                        "Assignment",
                        "return process.equals(owner) ? OptionalLong.of(term)",
                        "return process.node().equals(owner.node()) ? OptionalLong.of(term)"),
                Bug.of(
                                "a node opens before it has read the topic",
                                "before it has read the topic",
                                "ClusterLogs",
                                "if (!view.current()) {",
                                "if (view.role().isEmpty()) {")
                        // Alone, the guard has no effect: what names this process comes after all that was there at its
                        // start.
                        .and(
                                "Assignment",
                                "return process.equals(owner) ? OptionalLong.of(term)",
                                "return process.node().equals(owner.node()) ? OptionalLong.of(term)")
                        .from(3),
                Bug.of(
                        "a follower keeps a log open after the assignment is gone",
                        "",
                        "LogDuty",
                        "return open && assignment.term() >= term ? order(term, false) : same();",
                        "return same();"),
                Bug.of(
                        "a node that was suspected wrongly does not come back",
                        "liveness",
                        "OwnRecord",
                        "beat = suspicion.get().beat() + 1;",
                        "beat = suspicion.get().beat();"));
    }

    static List<Bug> flushers() {
        return List.of(
                Bug.of(
                                "a flusher trims what it is about to put",
                                "segments:",
                                "FlushSteps",
                                "                share.sealed(sealed);\n                return true;",
                                "                share.sealed(sealed);\n                trims.onPublished(sealed.info());\n                return true;")
                        .and(
                                "FlushSteps",
                                "phase.state() == FlushStatus.State.WAITING ||",
                                "phase.state() == FlushStatus.State.PUBLISHING || phase.state() == FlushStatus.State.WAITING ||")
                        // The segments are read back before a trim, so one guard alone is not enough.
                        .and("Trims", "readBack.checked(Math.max(oldest, 0), cut)", "cut"),
                Bug.of(
                                "a flusher reads the live view",
                                "segments:",
                                "CommittedCursor",
                                "StartPosition.atLsn(lsn), View.COMMITTED",
                                "StartPosition.atLsn(lsn), View.LIVE")
                        .and("FlushSteps", "wal.committed() <= nextLsn", "wal.tail() <= nextLsn"),
                Bug.of(
                        "a store replaces an object",
                        "segments:",
                        "SimStore",
                        "objects.putIfAbsent(key, content) == null",
                        "objects.put(key, content) == null || true"),
                Bug.of(
                                "a flusher takes its own segment for the one that was there",
                                "segments:",
                                "FlushSteps",
                                "result == PutResult.PUBLISHED ? ours : locator.info(ours.key())",
                                "ours")
                        .from(40),
                Bug.of(
                        "a flusher continues where the log begins, and not where its segments end",
                        "segments:",
                        "Locator",
                        "last.map(SegmentInfo::nextLsn).orElse(0L)",
                        "bounds.oldest()"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"coordinators", "nodes", "flushers"})
    void isFound(Bug bug, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        try (var product = PatchedProduct.with(SOURCES, bug.edits(), directory)) {
            var found = search(product, bug);
            System.out.println("'" + bug + "' found by seed " + found.seed() + ": " + found.violation());
            assertThat(found.violation())
                    .as("what %s seeds from %s on found of '%s'", MOST_SEEDS, bug.from(), bug)
                    .isNotEmpty()
                    .contains(bug.broken());
        }
    }

    /** Searches for a run that breaks the rule of the bug; some break another rule first. */
    private static PatchedProduct.Found search(PatchedProduct product, Bug bug) throws ReflectiveOperationException {
        var end = bug.from() + MOST_SEEDS;
        var found = product.search(ClusterRun.class, bug.from(), MOST_SEEDS);
        while (!found.violation().contains(bug.broken()) && found.seed() + 1 < end) {
            found = product.search(ClusterRun.class, found.seed() + 1, end - found.seed() - 1);
        }
        return found;
    }
}
