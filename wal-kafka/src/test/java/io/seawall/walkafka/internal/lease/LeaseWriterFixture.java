package io.seawall.walkafka.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.fake.FakeLane;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.fake.TestRecords;
import io.seawall.walkafka.internal.format.ControlBody;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.internal.open.RollPace;
import io.seawall.walkafka.internal.scan.OwnOffsets;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.settings.WalSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A writer on fake lanes. The test decides when each acknowledgement and each commit comes. */
abstract class LeaseWriterFixture {
    static final long ROLL_MS = 1_000;
    static final long LONGEST_ROLL_MS = 5_000;

    final ManualTime time = new ManualTime();
    final FakePartition log = new FakePartition(time);
    final FakeLane laneA = log.lane(Lane.A).holdsAcks().holdsCommits();
    final FakeLane laneB = log.lane(Lane.B).holdsAcks().holdsCommits();
    final Owner owner = new Owner();
    WalSettings.Ack ack = WalSettings.Ack.REPLICATED;
    WalSettings settings = settings(16_000, 128_000, 16_000, 4_000);
    /** Counts logs of the process; this one is the only one unless a test adds others. */
    final RollPace pace = new RollPace(settings.lease());

    @Nullable
    LeaseWriter made;

    /** Begins a lease on lane A, with one acknowledged append. */
    void active() {
        append("first");
        acknowledge(laneA);
    }

    /** Makes lane B the active one. Lane A's commit waits for the test. */
    void rolledWithCommitInProgress() {
        active();
        append("b");
        time.advance(ROLL_MS);
        owner.turn();
        laneB.acknowledgeAll();
        owner.turn();
        acknowledge(laneA);
        assertThat(laneA.isCommitting()).isTrue();
    }

    void acknowledge(FakeLane lane) {
        lane.acknowledgeAll();
        owner.turn();
    }

    /** Runs lanes and clock until nothing more can happen. */
    void runUntilQuiet() {
        for (var round = 0; round < 20; round++) {
            runLanes();
            time.advance(ROLL_MS / 2);
            owner.turn();
        }
        runLanes();
    }

    /** Answers all requests of the lanes, without moving the clock. */
    void runLanes() {
        for (var round = 0; round < 50; round++) {
            for (var lane : List.of(laneA, laneB)) {
                acknowledge(lane);
                if (lane.isCommitting()) {
                    lane.finishCommit();
                    owner.turn();
                }
            }
        }
    }

    void append(String... values) {
        var batch = new ArrayList<WalRecord>();
        for (var value : values) {
            batch.add(WalRecord.of(value.getBytes(StandardCharsets.US_ASCII)));
        }
        owner.sent++;
        take(PendingAppend.of(AppendRequest.of(batch)));
        owner.turn();
    }

    static PendingAppend pending(String value) {
        return PendingAppend.of(AppendRequest.of(List.of(TestRecords.record(value))));
    }

    void take(PendingAppend append) {
        writer().add(append);
        writer().sendQueue();
    }

    long offsetOf(String header) {
        return log.entries(Isolation.UNCOMMITTED)
                .get(log.live().indexOf(header))
                .offset();
    }

    LeaseWriter writer() {
        if (made == null) {
            made = writer(-1);
        }
        return Objects.requireNonNull(made);
    }

    LeaseWriter writer(long snapshotOffset) {
        log.initialize(Lane.A, laneA);
        log.initialize(Lane.B, laneB);
        var opened = new OpenedLog(
                new PChannel("orders", 0),
                new Stamp(7, 0),
                Map.of(Lane.A, laneA, Lane.B, laneB),
                0,
                0,
                new SnapshotAt(snapshotOffset, 0),
                0,
                new WriterSessions(WriterSessions.Bounds.of(settings)),
                0,
                new OwnOffsets(new Stamp(7, 0), new SnapshotAt(snapshotOffset, 0)));
        return new LeaseWriter(opened, settings, pace, new ControlBody.Author("n1", "n1/1", null), time, owner);
    }

    WalSettings settings(long rollBytes, long cap, long snapshotBytes, long windowBytes) {
        var defaults = WalSettings.defaults();
        return new WalSettings(
                new WalSettings.Lease(
                        Duration.ofMillis(ROLL_MS), Duration.ofMillis(LONGEST_ROLL_MS), rollBytes, cap, snapshotBytes),
                new WalSettings.Limits(windowBytes, 1 << 20, (int) Math.min(windowBytes, 1_000)),
                defaults.timeouts(),
                ack);
    }

    /** Takes the place of the log: its mailbox runs when the test calls {@link #turn}, and it records the events. */
    final class Owner implements LeaseEvents {
        final Deque<Runnable> mail = new ArrayDeque<>();
        final List<String> acknowledged = new ArrayList<>();
        final List<Long> committed = new ArrayList<>();
        final List<LaneFault> faults = new ArrayList<>();
        boolean wentBack;
        int idles;
        int sent;
        long sentBytes;
        int earlyMs;

        void turn() {
            while (!mail.isEmpty()) {
                mail.remove().run();
            }
        }

        @Override
        public void post(Runnable task) {
            mail.add(task);
        }

        @Override
        public void postAfter(long delayMs, Runnable task) {
            time.after(Math.max(1, delayMs - earlyMs), () -> mail.add(task));
        }

        @Override
        public void sent(long bytes) {
            sentBytes += bytes;
        }

        @Override
        public void acknowledged(List<InFlight.Entry> complete, long tail) {
            for (var entry : complete) {
                if (entry.append() != null) {
                    acknowledged.add(entry.first() + "-" + (entry.next() - 1));
                }
            }
        }

        @Override
        public void committed(long below) {
            committed.add(below);
        }

        @Override
        public void idle() {
            idles++;
        }

        @Override
        public void failed(LaneFault fault) {
            faults.add(fault);
        }

        @Override
        public void offsetWentBack(long before, long now) {
            wentBack = true;
        }
    }
}
