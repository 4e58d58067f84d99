package io.seawall.node.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.StepClock;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.serve.WorkerPool;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PollLimits;
import io.seawall.wal.Problem;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Up to 20 readers that start anywhere, pause, stop and begin again, over a shared tail with little room that fails, is closed and
 * begins again, in one thread. Each reader has to see exactly the records of the log from its start on. A seed repeats a run.
 */
class TailSeedsTest {
    private static final long SEEDS = Long.getLong("tail.seeds", 300);
    private static final int EVENTS = 400;
    private static final TailLimits LIMITS = new TailLimits(1, 4_000, Duration.ofSeconds(10));

    /** What happened in all seeds, so that a run that tests nothing is noticed. */
    private static final Map<String, Integer> SEEN = new LinkedHashMap<>();

    private static final NodeMetrics METRICS = new NodeMetrics(List::of); // making one takes longer than a run

    private static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}: mvn test -Dtest=TailSeedsTest")
    @MethodSource("seeds")
    void eachReaderSeesEachRecordOnceAndInOrder(long seed) {
        new World(seed).run();
    }

    @Test
    void aSeedRepeatsARun() {
        assertThat(new World(5).run()).isEqualTo(new World(5).run());
    }

    @AfterAll
    static void everythingHappened() {
        METRICS.close();
        if (SEEDS < 50) {
            return;
        }
        assertThat(SEEN)
                .containsKeys(
                        "joined",
                        "began",
                        "fell behind",
                        "came back",
                        "tail ended",
                        "tail failed",
                        "stopped",
                        "trimmed");
    }

    /** One run. */
    private static final class World {
        private final SplittableRandom random;
        private final TestLog log = new TestLog();
        private final StepClock clock = new StepClock();
        private final List<Tail> followed = new ArrayList<>();
        private final Tails tails =
                new Tails(log, LIMITS, METRICS, clock, new WorkerPool("unused", 1, 0), followed::add);
        private final List<Client> clients = new ArrayList<>();
        private final StringBuilder trace = new StringBuilder();
        private final List<RecordEncoder> forms = List.of(records -> text(records, "a"), records -> text(records, "b"));
        private final int most;

        World(long seed) {
            random = new SplittableRandom(seed);
            most = 1 + random.nextInt(20);
        }

        /** Returns what happened. */
        String run() {
            try {
                for (var event = 0; event < EVENTS; event++) {
                    happen();
                }
                log.error = null;
                finish();
                clients.forEach(client -> client.check(log.records.size()));
            } finally {
                tails.close();
            }
            assertThat(log.open).as("readers of the log that are still open").isZero();
            return trace.toString();
        }

        private void happen() {
            var what = random.nextInt(100);
            if (what < 20) {
                log.append(1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 5));
            } else if (what < 45) {
                stepTails();
            } else if (what < 50) {
                clock.forward(Duration.ofMillis(random.nextInt(3_000)));
            } else if (what < 51) {
                clock.forward(Duration.ofSeconds(10));
            } else if (what < 52) {
                log.mostRecords = 1 + random.nextInt(20);
            } else if (what < 53 && log.error == null) {
                log.errorAt = log.records.size() + random.nextLong(3);
                log.error = Problem.of(ErrorCode.UNAVAILABLE, "read").exception();
            } else if (what < 54) {
                log.error = null;
            } else if (what < 55) {
                trim();
            } else if (what < 60 && clients.size() < most) {
                clients.add(new Client());
            } else if (!clients.isEmpty()) {
                clients.get(random.nextInt(clients.size())).act(random);
            }
        }

        /** Trims what every reader has, as a reader of trimmed records would have to fail. */
        private void trim() {
            var slowest =
                    clients.stream().mapToLong(client -> client.next).min().orElse(log.oldest);
            if (slowest > log.oldest) {
                log.oldest = slowest;
                seen("trimmed");
            }
        }

        private void stepTails() {
            for (var tail : List.copyOf(followed)) {
                if (!tail.step()) {
                    followed.remove(tail);
                    seen(log.error == null ? "tail ended" : "tail failed");
                }
            }
        }

        private void finish() {
            for (var round = 0; round < 2_000 && clients.stream().anyMatch(client -> !client.isDone()); round++) {
                stepTails();
                clients.forEach(client -> client.read(random));
            }
        }

        private void seen(String what) {
            SEEN.merge(what, 1, Integer::sum);
            trace.append(what).append('\n');
        }

        private static EncodedRecords text(List<LogRecord> records, String form) {
            var all = new StringBuilder();
            var ends = new int[records.size()];
            for (var at = 0; at < ends.length; at++) {
                all.append(line(records.get(at), form));
                ends[at] = all.length();
            }
            return new EncodedRecords(all.toString().getBytes(StandardCharsets.US_ASCII), ends);
        }

        private static String line(LogRecord record, String form) {
            return form + record.lsn() + ":" + new String(record.data().value(), StandardCharsets.US_ASCII) + ";";
        }

        /** One client, which opens its reader again at its next record after an error or a pause. */
        private final class Client {
            private final long start;
            private long next;
            private boolean wasBehind;
            private @Nullable TailingReader reader;

            Client() {
                var choice = random.nextInt(3);
                var lsn = log.oldest + random.nextLong(log.records.size() - log.oldest + 1);
                reader = open(
                        choice == 0
                                ? StartPosition.oldest()
                                : choice == 1 ? StartPosition.tail() : StartPosition.atLsn(lsn));
                var expected = choice == 0 ? log.oldest : choice == 1 ? log.records.size() : lsn;
                start = reader.nextLsn();
                next = start;
                assertThat(start).isEqualTo(expected);
            }

            private TailingReader open(StartPosition from) {
                var known = !followed.isEmpty();
                var opened = TailingReader.open(tails, TestLog.ORDERS, from, View.LIVE, true, () -> {});
                if (opened.isShared()) {
                    seen(known ? "joined" : "began");
                }
                return opened;
            }

            boolean isDone() {
                return next == log.records.size();
            }

            void act(SplittableRandom choices) {
                if (choices.nextInt(30) == 0 && reader != null) {
                    reader.close();
                    reader = null;
                    seen("stopped");
                } else {
                    read(choices);
                }
            }

            void read(SplittableRandom choices) {
                try {
                    var at = reader;
                    if (at == null) {
                        at = open(StartPosition.atLsn(next));
                        reader = at;
                    }
                    take(at, choices);
                } catch (WalException failed) {
                    assertThat(failed.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    if (reader != null) {
                        reader.close();
                        reader = null;
                    }
                }
            }

            private void take(TailingReader at, SplittableRandom choices) {
                var limits = new PollLimits(1 + choices.nextInt(30), 1 + choices.nextInt(3_000));
                var shared = at.isShared();
                var more = at.hasMore();
                var slices = shared ? at.take(limits) : at.poll(limits, Duration.ZERO);
                if (shared) {
                    assertThat(!slices.isEmpty() || !at.isShared())
                            .as("there is more")
                            .isEqualTo(more);
                }
                if (shared && !at.isShared()) {
                    wasBehind = true;
                    seen("fell behind");
                } else if (at.isShared() && wasBehind) {
                    wasBehind = false;
                    seen("came back");
                }
                for (var slice : slices) {
                    compare(slice, choices);
                }
                assertThat(at.nextLsn()).isEqualTo(next);
            }

            private void compare(RecordSlice slice, SplittableRandom choices) {
                var expected = log.records.subList((int) next, (int) next + slice.count());
                if (choices.nextBoolean()) {
                    var form = choices.nextInt(forms.size());
                    var text = new StringBuilder();
                    expected.forEach(record -> text.append(line(record, form == 0 ? "a" : "b")));
                    var encoded = StandardCharsets.US_ASCII.decode(slice.encoded(forms.get(form)));
                    assertThat(encoded.toString()).isEqualTo(text.toString());
                } else {
                    assertThat(slice.records()).isEqualTo(expected);
                }
                next += slice.count();
            }

            void check(long tail) {
                assertThat(next).as("a reader from %s has all records", start).isEqualTo(tail);
                if (reader != null) {
                    reader.close();
                }
            }
        }
    }
}
