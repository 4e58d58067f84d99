package io.seawall.walkafka.internal.open;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.fake.FakeKafka;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the lead of logs whose timestamps come from a clock that was ahead. */
class TimestampLeadsTest {
    private static final long DAYS_MS = Duration.ofDays(3).toMillis();

    private final FakeKafka kafka = new FakeKafka();

    private long leadMs() {
        return kafka.leads().lead(FakeKafka.PCHANNEL, kafka.time()).toMillis();
    }

    @Test
    void aClockThatIsRightGivesNoLead() {
        try (var wal = kafka.open(7)) {
            wal.append(List.of(record("now"))).join();
            assertThat(leadMs()).isZero();
        }
        kafka.time().advance(1_000);
        try (var wal = kafka.open(8)) {
            assertThat(wal.tail()).isEqualTo(1);
            assertThat(leadMs()).isZero();
        }
    }

    @Test
    void reportsTheLeadOfALogWhoseClockWasAhead() {
        kafka.time().setWall(kafka.time().wallMs() + DAYS_MS);
        try (var wal = kafka.open(7)) {
            wal.append(List.of(record("in three days"))).join();
            kafka.time().advance(2_000);
        }
        kafka.time().setWall(kafka.time().wallMs() - DAYS_MS);

        try (var wal = kafka.open(8)) {
            assertThat(wal.tail()).isEqualTo(1);
            assertThat(leadMs()).isBetween(DAYS_MS - 60_000, DAYS_MS + 60_000);
            assertThat(TimestampLeads.exceedsClockSkew(Duration.ofMillis(leadMs())))
                    .isTrue();

            kafka.time().setWall(kafka.time().wallMs() + DAYS_MS + 60_000);

            assertThat(leadMs()).as("once the clock has caught up").isZero();
        }
    }

    @Test
    void clocksMayDifferByAMinute() {
        assertThat(TimestampLeads.exceedsClockSkew(Duration.ofMinutes(1))).isFalse();
        assertThat(TimestampLeads.exceedsClockSkew(Duration.ofMillis(60_001))).isTrue();
    }
}
