package io.seawall.kafkasim;

import io.seawall.plantedbugs.Edit;
import java.util.ArrayList;
import java.util.List;

/**
 * A bug that the simulation must find: exact fragments of the product's source text, each replaced by another text.
 *
 * @param name what is wrong
 * @param edits the replacements
 */
record PlantedBug(String name, List<Edit> edits, long fromSeed) {
    static PlantedBug of(String name, String type, String fragment, String replacement) {
        return new PlantedBug(name, List.of(new Edit(type, fragment, replacement)), 0);
    }

    PlantedBug and(String type, String fragment, String replacement) {
        var more = new ArrayList<>(edits);
        more.add(new Edit(type, fragment, replacement));
        return new PlantedBug(name, List.copyOf(more), fromSeed);
    }

    /** Starts the search shortly before a seed that finds the bug: early seeds need not meet a rare one. */
    PlantedBug from(long seed) {
        return new PlantedBug(name, edits, seed);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Returns all bugs; each once broke a promise in a log, or would have. */
    static List<PlantedBug> all() {
        return List.of(
                of(
                        "skip the look",
                        "OpeningAttempt",
                        "scanner.lastWindow(ownNonces).thenApply(this::refuseIfTaken)",
                        "scanner.lastWindow(ownNonces)"),
                of("skip the read-back", "OpeningAttempt", """
                                        .thenCompose(range -> scanner.windowBelow(range, claimOffset, ownNonces, looked.baseOffset()))
                                        .thenApply(this::refuseIfTaken)
                        """, """
                                        .thenCompose(range -> scanner.windowBelow(range, claimOffset, ownNonces, looked.baseOffset()))
                        """),
                of(
                                "let a claim end the window",
                                "WindowBuilder",
                                "return (base != null && !growth.isUnsure()) || from <= start;",
                                "return highestEntry != null || from <= start;")
                        .from(87),
                of(
                        "take the last stamp instead of the highest",
                        "WindowBuilder",
                        "if (order > 0 || (order == 0 && header.kind() == Kind.CLAIM)) {",
                        "if (order != Integer.MIN_VALUE) {"),
                of(
                                "init lanes in the other order",
                                "OpeningAttempt",
                                "lane(Lane.A).init().thenCompose(done -> lane(Lane.B).init())",
                                "lane(Lane.B).init().thenCompose(done -> lane(Lane.A).init())")
                        .from(75),
                of(
                                "commit lanes out of order",
                                "LeaseWriter",
                                "if (committing != null) {\n            return false;",
                                "if (state == null) {\n            return false;")
                        .and(
                                "LeaseWriter",
                                "if (committing != null) {\n            throw",
                                "if (state == null) {\n            throw"),
                of(
                        "drop the republication",
                        "UncommittedTail",
                        "return republication.add(whole);",
                        "return CompletableFuture.completedFuture(null);"),
                of(
                        "republish in any order",
                        "Republication",
                        "var outgoing = List.copyOf(chunk);",
                        "java.util.Collections.reverse(chunk);\n        var outgoing = List.copyOf(chunk);"),
                of("trust a stale end", "OpeningAttempt", """
                                return scanner.walk(claimOffset, claimOffset + 1, seen::add)
                                        .thenCompose(walked -> {
                                            refuseUnlessOwnClaim(seen);
                                            return committed.range();
                                        })
                                        .thenCompose(range -> scanner.windowBelow(range, claimOffset, ownNonces, looked.baseOffset()))
                        """, """
                                return committed
                                        .range()
                                        .thenCompose(range ->
                                                scanner.windowBelow(
                                                        range,
                                                        Math.min(claimOffset, range.end()),
                                                        ownNonces,
                                                        Math.min(claimOffset, range.end())))
                        """),
                of(
                        "resend without reading",
                        "Settlement",
                        "if (entry.next() <= writtenBelow) {",
                        "if (entry.next() < 0) {"),
                of(
                                "complete an append after an earlier one of its lane failed",
                                "Acknowledgements",
                                "failure.compareAndSet(null, fault);",
                                "entry.forgotten = true;")
                        .and(
                                "InFlight",
                                "private volatile long offset = -1;",
                                "volatile boolean forgotten;\n        private volatile long offset = -1;")
                        .and("InFlight", "        var head = entries.peek();\n        return head != null", """
                                        while (!entries.isEmpty() && entries.peek().forgotten) {
                                            bytes -= entries.remove().sizeBytes;
                                        }
                                        var head = entries.peek();
                                        return head != null"""),
                of(
                                "start a reader at a lease",
                                "WindowBuilder",
                                "if (header.kind() == Kind.CLAIM && isOwn(entry)) {",
                                "base = header.kind() == Kind.LEASE ? entry : base;\n"
                                        + "            if (header.kind() == Kind.CLAIM && isOwn(entry)) {")
                        .and(
                                "LogWindow",
                                "LiveRule.Position.after(base.header().stamp(), tailBehind(base))",
                                "LiveRule.Position.after(base.header().stamp(), committedTail())"),
                of(
                        "take an owner whose claim was not seen for another program",
                        "LogFollower",
                        "if (checks.isClaimedBefore(stamp, entry.offset())) {",
                        "if (entry.offset() < 0) {"),
                of(
                        "raise the epoch before the claim was ever confirmed",
                        "Takeover",
                        "if (current.isClaimed()) {",
                        "if (error != null || current.isClaimed()) {"),
                of(
                        "re-open in place with no grace",
                        "RecoveryBackoff",
                        "kind == LaneFault.Kind.FENCED ? graceMs : streak == 0 ? 0 : REPEATED_MS",
                        "streak == 0 ? 0 : REPEATED_MS"),
                of("deliver an incomplete batch", "LiveRule", "return data.more() == 0\n", "return data.more() >= 0\n"),
                of(
                        "answer at replication where the commit is promised",
                        "WalStateMachine",
                        "settings.ack() == WalSettings.Ack.COMMITTED",
                        "settings.ack() == null"),
                of(
                                "answer a commit at once",
                                "WalStateMachine",
                                "if (committed >= lsn) {\n            commits.reached(committed, committed);",
                                "if (committed >= 0) {\n            commits.reached(lsn, lsn);")
                        .from(12),
                of(
                        "trim inside a batch",
                        "BatchStart",
                        "if (first == null || more == 0) {",
                        "if (first == null || more >= 0) {"),
                of(
                                "trim up to a snapshot before its marker is written",
                                "LogTrim",
                                ".thenCompose(snapshot -> visible(lsn, snapshot))",
                                "")
                        .from(1_982),
                of(
                                "write copies into another log than the one that was claimed",
                                "Republication",
                                "fault != null || offset <= claimOffset",
                                "fault != null || offset < 0")
                        .from(2_017),
                of(
                                "take records of a former log for the log's own",
                                "LiveRule",
                                "BEGINNING = after(Stamp.UNCLAIMED, 0)",
                                "BEGINNING = after(Stamp.NONE, 0)")
                        .from(97),
                of(
                                "go on after acknowledged records were lost",
                                "WalStateMachine",
                                "if (log.tail() < published.tail()) {",
                                "if (log.tail() < 0) {")
                        .from(18),
                of(
                                "take offsets that go back",
                                "LeaseWriter",
                                "if (head.reply() == null && head.offset() <= own.lastOffset()) {",
                                "if (head.reply() == null && head.offset() < 0) {")
                        .from(97),
                of(
                        "no cap on uncommitted bytes",
                        "LeaseWriter",
                        "lanes.bytes() >= settings.lease().uncommittedBytes()",
                        "lanes.bytes() < 0"),
                of("no window", "LeaseWriter", "<= settings.limits().windowBytes()", "<= Long.MAX_VALUE"),
                of(
                        "remember one batch of a session instead of five",
                        "WriterSession",
                        "batches.size() - WriterSeq.REMEMBERED",
                        "batches.size() - 1"),
                of(
                                "let a clock that jumps forget sessions",
                                "WriterSessions",
                                "Duration.ofHours(1)",
                                "Duration.ofDays(1_000_000)")
                        .from(10),
                of(
                        "do not carry over a recovery's time limit",
                        "RecoveryPolicy",
                        "if (sinceMs < 0 || blamed ||",
                        "if (sinceMs != nowMs || blamed ||"));
    }
}
