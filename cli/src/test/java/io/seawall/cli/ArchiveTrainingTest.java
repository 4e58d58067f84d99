package io.seawall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.cli.command.ExitCode;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ArchiveTrainingTest {
    @Test
    void allCommandsSucceedButTheWrongOneAndTheOneThatNeedsGrpc() throws Exception {
        var codes = ArchiveTraining.exitCodes();

        assertThat(codes).contains(ExitCode.USAGE, ExitCode.FAILED);
        assertThat(Collections.frequency(codes, ExitCode.OK)).isEqualTo(codes.size() - 2);
    }
}
