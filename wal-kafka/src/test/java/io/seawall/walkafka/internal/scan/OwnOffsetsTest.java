package io.seawall.walkafka.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which records an owner can tell from its own by their offsets. */
class OwnOffsetsTest {
    private final OwnOffsets own = new OwnOffsets(new Stamp(7, 0), new SnapshotAt(10, 3));

    OwnOffsetsTest() {
        own.register(new OwnOffsets.Owner() {
            @Override
            public void forged(WalException found) {
                told++;
            }

            @Override
            public void passedOver() {
                snapshots++;
            }
        });
    }

    private int told;
    private int snapshots;

    @Test
    void remembersTheFirstDisputedOffsetUntilItIsJudged() {
        var found = Problem.of(ErrorCode.FORGED, "read").exception();
        own.forged(14, found);
        own.forged(12, found);
        own.forged(13, found);
        assertThat(own.disputed()).isEqualTo(12);

        own.judgedFrom(13);
        assertThat(own.disputed()).as("not compared").isEqualTo(12);
        own.judgedFrom(12);
        assertThat(own.disputed()).isEqualTo(Long.MAX_VALUE);

        own.forged(10, found);
        assertThat(own.disputed()).as("before the first record").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void requestsOneSnapshotForAllRecordsThatItWillFollow() {
        append(3, 11);
        append(4, 20);
        own.passedOver(15);
        own.passedOver(15);
        own.passedOver(19);
        own.passedOver(12);
        assertThat(snapshots).isEqualTo(1);

        own.passedOver(21);

        assertThat(snapshots).isEqualTo(2);
    }

    @Test
    void earlierStampsAndCopiesAreTooLateBehindTheFirstSnapshot() {
        assertThat(own.isTooLate(new Stamp(6, 9), false, 11)).isTrue();
        assertThat(own.isTooLate(new Stamp(6, 9), false, 9)).isFalse();
        assertThat(own.isTooLate(new Stamp(7, 1), false, 11)).isFalse();
        assertThat(own.isTooLate(new Stamp(7, 0), true, 11)).as("a copy").isTrue();
        assertThat(own.isTooLate(new Stamp(7, 0), true, 9)).isFalse();
    }

    @Test
    void disownsNothingBeforeTheOwnerIsRegistered() {
        var silent = new OwnOffsets(new Stamp(7, 0), new SnapshotAt(10, 3));

        assertThat(silent.disowns(3, 11)).isFalse();
        assertThat(silent.disownsSnapshot(9, 11)).isFalse();
        assertThat(silent.forged(11, Problem.of(ErrorCode.FORGED, "read").exception()))
                .isFalse();
        assertThat(told).isZero();
    }

    private void append(long lsn, long offset) {
        own.sent(lsn + 1);
        own.acknowledged(lsn, 1, offset);
    }

    @Test
    void disownsEverythingBeforeTheOwnerHasWritten() {
        assertThat(own.disowns(3, 11)).isTrue();
        assertThat(own.disowns(0, 11))
                .as("below its first number, behind its first snapshot")
                .isTrue();
    }

    @Test
    void anUnacknowledgedRecordMayHaveAnyLaterOffset() {
        append(3, 11);
        own.sent(5);

        assertThat(own.disowns(4, 12)).isFalse();
        assertThat(own.disowns(4, 40)).isFalse();
        assertThat(own.disowns(4, 11)).as("where LSN 3 is").isTrue();
        assertThat(own.disowns(5, 12)).as("never sent").isTrue();
    }

    @Test
    void disownsANumberBehindAHigherOne() {
        append(3, 11);
        append(4, 12);

        assertThat(own.disowns(3, 13)).isTrue();
        assertThat(own.disowns(4, 13)).isTrue();
        assertThat(own.disowns(3, 11)).isFalse();
        assertThat(own.disowns(4, 12)).isFalse();
    }

    @Test
    void disownsRecordsWhereTheOffsetsJump() {
        append(3, 11);
        append(4, 13);
        append(5, 14);

        for (var lsn = 0; lsn < 10; lsn++) {
            assertThat(own.disowns(lsn, 12)).as("LSN %d at offset 12", lsn).isTrue();
        }
    }

    @Test
    void allowsForeignRecordsInsideABatch() {
        append(3, 11);
        own.sent(7);
        own.acknowledged(4, 3, 15); // one of the offsets 12 to 15 is another program's

        for (var lsn = 4; lsn < 7; lsn++) {
            assertThat(own.disowns(lsn, 13)).isFalse();
        }
        assertThat(own.disowns(3, 13)).isTrue();
        assertThat(own.disowns(7, 13)).isTrue();
    }

    @Test
    void disownsASnapshotThatIsNotBetweenItsNumbers() {
        append(3, 11);
        append(4, 13);
        append(5, 14);

        assertThat(own.disownsSnapshot(4, 12)).isFalse();
        assertThat(own.disownsSnapshot(3, 12)).isTrue();
        assertThat(own.disownsSnapshot(5, 12)).isTrue();
        assertThat(own.disownsSnapshot(6, 15)).isFalse();
        assertThat(own.disownsSnapshot(3, 15)).isTrue();
        assertThat(own.disownsSnapshot(7, 15)).as("never sent").isTrue();
    }

    /** However the offsets jump, and however long the owner writes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverDisownsARecordOfTheOwner(long seed) {
        var random = new Random(seed);
        var at = new HashMap<Long, Long>();
        long lsn = 3;
        long offset = 10;
        for (var each = 0; each < 5_000; each++) {
            var count = random.nextInt(4);
            var first = lsn;
            own.sent(first + count);
            offset += random.nextInt(3) == 0 ? random.nextInt(3) : 0;
            if (count == 0) {
                offset++;
            }
            for (var member = 0; member < count; member++) {
                offset += random.nextInt(10) == 0 ? 2 : 1; // with another program's record in between
                at.put(lsn++, offset);
            }
            own.acknowledged(first, count, offset);
        }

        for (Map.Entry<Long, Long> record : at.entrySet()) {
            assertThat(own.disowns(record.getKey(), record.getValue()))
                    .as("LSN %d at offset %d", record.getKey(), record.getValue())
                    .isFalse();
        }
    }
}
