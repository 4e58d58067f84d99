package io.seawall.flusher.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ErrorsTest {
    private static final String OBJECT = "s3://bucket/root/orders/3/00000000000000000007.avro";

    private static IOException translated(SdkException error) {
        return S3Errors.translate("put " + OBJECT, OBJECT, error);
    }

    private static SdkException answer(int status, String code) {
        return S3Exception.builder()
                .statusCode(status)
                .message("planted")
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "301,PermanentRedirect,StoreRefusal",
        "307,TemporaryRedirect,StoreRefusal",
        "400,AuthorizationHeaderMalformed,StoreRefusal",
        "400,InvalidArgument,StoreRefusal",
        "401,Unauthorized,StoreRefusal",
        "403,AccessDenied,StoreRefusal",
        "403,InvalidAccessKeyId,StoreRefusal",
        "404,NoSuchBucket,StoreRefusal",
        "404,NoSuchKey,NoSuchFileException",
        "404,'',NoSuchFileException",
        "405,MethodNotAllowed,StoreRefusal",
        "408,RequestTimeout,IOException",
        "409,ConditionalRequestConflict,IOException",
        "412,PreconditionFailed,IOException",
        "416,InvalidRange,IOException",
        "429,TooManyRequests,IOException",
        "500,InternalError,IOException",
        "501,NotImplemented,StoreRefusal",
        "503,SlowDown,IOException",
        "599,'',IOException"
    })
    void everyAnswerHasItsError(int status, String code, String type) {
        var error = translated(answer(status, code));

        assertThat(error.getClass().getSimpleName()).isEqualTo(type);
        assertThat(error).hasMessageContaining(OBJECT);
    }

    @Test
    void aMessageNamesOperationObjectStatusAndCode() {
        assertThat(translated(answer(503, "SlowDown")))
                .hasMessageStartingWith("cannot put " + OBJECT + ": HTTP 503 SlowDown: planted");
    }

    @Test
    void aRequestThatNeverReachedTheStoreBecomesAPlainIoException() {
        assertThat(translated(SdkClientException.create("connection refused")))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("cannot put " + OBJECT + ": connection refused");
    }

    @Test
    void anInterruptStaysOne() {
        var error = translated(AbortedException.create("planted"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(error).isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void aMissingObjectBecomesNoSuchFile() {
        assertThat(translated(answer(404, "NoSuchKey")))
                .isInstanceOfSatisfying(
                        NoSuchFileException.class,
                        error -> assertThat(error.getFile()).isEqualTo(OBJECT));
    }

    @Test
    void aConflictAndABrokenAnswerAreTriedAgain() {
        assertThat(S3Errors.isRetryable(answer(409, "ConditionalRequestConflict")))
                .isTrue();
        assertThat(S3Errors.isRetryable(SdkClientException.create("x", new XMLStreamException("cut"))))
                .isTrue();
        assertThat(S3Errors.isRetryable(answer(412, "PreconditionFailed"))).isFalse();
        assertThat(S3Errors.isRetryable(SdkClientException.create("x"))).isFalse();
    }
}
