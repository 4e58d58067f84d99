package io.seawall.walkafka.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import io.seawall.wal.WriterSeq;
import io.seawall.walkafka.internal.format.SessionBatch;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.settings.WalSettings;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which appends are written, and the answers to the others. The log has batches 0 to 6 of session w, two records each. */
class AdmissionTest {
    private static final long TAIL = 14;

    private final Admission admission = new Admission(new PChannel("orders", 3), sessions());

    @ParameterizedTest(name = "ifTail {0} by {1}: {2}")
    @CsvSource({
        "    ,     , written",
        "14  ,     , written",
        "13  ,     , TAIL_MISMATCH",
        "15  ,     , TAIL_MISMATCH",
        "    , w/7 , written",
        "14  , w/7 , written",
        "13  , w/7 , TAIL_MISMATCH",
        "    , w/6 , repeated 12-13",
        "14  , w/6 , repeated 12-13",
        "3   , w/2 , repeated 4-5",
        "14  , w/1 , SEQUENCE_GAP",
        "3   , w/8 , SEQUENCE_GAP",
        "    , v/0 , written",
        "    , v/1 , SEQUENCE_GAP",
    })
    void decides(@Nullable Long ifTail, @Nullable String writer, String outcome) {
        assertThat(outcome(new AppendRequest(
                        Collections.nCopies(2, WalRecord.of(new byte[1])),
                        ifTail,
                        writer == null ? null : WriterSeq.parse(writer))))
                .isEqualTo(outcome);
    }

    @Test
    void aMismatchTellsTheTail() {
        var error = refusal(request("w/7", 2).onlyIfTail(3));

        assertThat(error.problem().numbers()).containsEntry("tail", TAIL);
        assertThat(error.effect()).isEqualTo(Effect.NONE);
        assertThat(error).hasMessageContaining("tail 14").hasMessageContaining("tail 3");
    }

    @Test
    void aGapTellsWhichNumberIsNext() {
        var error = refusal(request("w/9", 1));

        assertThat(error.problem().numbers()).containsEntry("expectedSeq", 7L);
        assertThat(error.effect()).isEqualTo(Effect.NONE);
        assertThat(error).hasMessageContaining("w/9").hasMessageContaining("seq 7");
    }

    @Test
    void aSessionThatIsNotKnownBeginsWithZero() {
        var error = refusal(request("v/9", 1));

        assertThat(error.problem().numbers()).containsEntry("expectedSeq", 0L);
        assertThat(error).hasMessageContaining("does not know").hasMessageContaining("new id");
    }

    @Test
    void aBatchThatWasAppendedLongAgoIsInTheLog() {
        var error = refusal(request("w/0", 2));

        assertThat(error.code()).isEqualTo(ErrorCode.SEQUENCE_GAP);
        assertThat(error.effect()).isEqualTo(Effect.APPLIED);
    }

    @Test
    void anotherBatchUnderAKnownNumberIsRefused() {
        var error = refusal(request("w/6", 3));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error).hasMessageContaining("w/6 with 3 records").hasMessageContaining("same 2 records");
    }

    private String outcome(AppendRequest request) {
        var reply = admission.reply(request, TAIL);
        if (reply == null) {
            return "written";
        }
        var future = new CompletableFuture<Appended>();
        reply.complete(future);
        return future.handle((appended, error) -> error instanceof WalException refused
                        ? refused.code().name()
                        : "repeated " + appended.first() + "-" + appended.last())
                .join();
    }

    private WalException refusal(AppendRequest request) {
        var future = new CompletableFuture<Appended>();
        Objects.requireNonNull(admission.reply(request, TAIL)).complete(future);
        try {
            throw new AssertionError("not refused: " + future.join());
        } catch (CompletionException refused) {
            return (WalException) Objects.requireNonNull(refused.getCause());
        }
    }

    private static AppendRequest request(String writer, int count) {
        return AppendRequest.of(Collections.nCopies(count, WalRecord.of(new byte[1])))
                .by(WriterSeq.parse(writer));
    }

    private static WriterSessions sessions() {
        var sessions = new WriterSessions(WriterSessions.Bounds.of(WalSettings.defaults()));
        for (var seq = 0; seq < 7; seq++) {
            sessions.replay(new SessionBatch(new WriterSeq("w", seq), 7, 2L * seq, 2, 1_700));
        }
        return sessions;
    }
}
