package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppendRequestTest {
    private static final WalRecord RECORD = WalRecord.of(new byte[] {1});

    @Test
    void copiesTheBatch() {
        var batch = new ArrayList<>(List.of(RECORD));
        var request = AppendRequest.of(batch);

        batch.clear();

        assertThat(request.batch()).containsExactly(RECORD);
    }

    @Test
    void keepsBothConditions() {
        var session = new WriterSeq("w", 3);

        var request = AppendRequest.of(List.of(RECORD)).onlyIfTail(5).by(session);

        assertThat(request).isEqualTo(new AppendRequest(List.of(RECORD), 5L, session));
    }

    @Test
    void refusesATailBelowZero() {
        var request = AppendRequest.of(List.of(RECORD));

        var error = catchThrowableOfType(RequestException.class, () -> request.onlyIfTail(-1));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(error.problem().found()).isEqualTo("ifTail -1");
    }
}
