package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that an error is the same after Java's serialization, as a framework for remote calls uses it. */
class WalExceptionTest {
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorIsTheSameAfterSerialization(ErrorCode code) throws Exception {
        var error = Problem.of(code, "append to orders-3")
                .pchannel(new PChannel("orders", 3))
                .effect(Effect.UNKNOWN)
                .found("tail 7")
                .expected("tail 5")
                .fix("read the log")
                .cause(new IllegalStateException("the cause"))
                .with("tail", 7)
                .with("oldest", 2)
                .exception();

        var read = writtenAndRead(error);

        assertThat(read).isExactlyInstanceOf(error.getClass());
        assertThat(read.code()).isEqualTo(code);
        assertThat(read.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(read).hasMessage(error.getMessage()).hasStackTraceContaining("WalExceptionTest");
        assertThat(read.problem())
                .usingRecursiveComparison()
                .ignoringFields("cause")
                .isEqualTo(error.problem());
        assertThat(read.problem().message()).isEqualTo(error.problem().message());
        assertThat(read).hasCauseInstanceOf(IllegalStateException.class).hasRootCauseMessage("the cause");
        assertThat(read.problem().cause()).isSameAs(read.getCause());
    }

    @Test
    void anErrorWithoutDetailsIsTheSameAfterSerialization() throws Exception {
        var error = Problem.of(ErrorCode.UNAVAILABLE, "read").exception();

        var read = writtenAndRead(error);

        assertThat(read.problem().pchannel()).isNull();
        assertThat(read.problem().numbers()).isEmpty();
        assertThat(read).hasMessage("cannot read").hasNoCause();
    }

    private static WalException writtenAndRead(WalException error) throws IOException, ClassNotFoundException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(error);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (WalException) in.readObject();
        }
    }
}
