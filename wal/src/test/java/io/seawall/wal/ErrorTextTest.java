package io.seawall.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorTextTest {
    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(new NoSuchFileException("a/b"), "a/b: no such file or directory"),
                Arguments.of(new AccessDeniedException("a"), "a: permission denied"),
                Arguments.of(new FileAlreadyExistsException("a"), "a: it exists already"),
                Arguments.of(
                        new FileSystemException("a", null, "No space left on device"), "a: No space left on device"),
                Arguments.of(new FileSystemException(null, null, "Is a directory"), "Is a directory"),
                Arguments.of(new FileSystemException("a"), "a: file system"),
                Arguments.of(new MalformedInputException(1), "bytes that are not text in the expected encoding"),
                Arguments.of(new ClosedChannelException(), "the channel was closed"),
                Arguments.of(new UnknownHostException("nowhere"), "no address is known for the host nowhere"),
                Arguments.of(new ConnectException(), "no connection was accepted"),
                Arguments.of(new ConnectException("Connection refused"), "Connection refused"),
                Arguments.of(new EOFException(), "eof"),
                Arguments.of(new IOException(new NoSuchFileException("c")), "c: no such file or directory"),
                Arguments.of(new IOException(null, new NoSuchFileException("c")), "c: no such file or directory"),
                Arguments.of(new TimeoutException(), "timeout"),
                Arguments.of(new IllegalStateException("said"), "said"),
                Arguments.of(new IllegalStateException(" "), "illegal state"),
                Arguments.of(new StackOverflowError(), "stack overflow"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void saysWhatAnExceptionMeans(Throwable error, String text) {
        assertThat(FutureErrors.text(error)).isEqualTo(text);
    }
}
