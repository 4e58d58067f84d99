package io.seawall.flusher.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** Translates the SDK's exceptions; every message names the operation and the object. */
final class S3Errors {
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;
    static final int PRECONDITION_FAILED = 412;
    static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NOT_IMPLEMENTED = 501;

    private S3Errors() {}

    /**
     * Translates an exception.
     *
     * @param operation the attempted operation, with the object's full name
     * @param object the object's full name
     * @param error from the SDK
     * @return a {@link NoSuchFileException} if the object does not exist, a {@link StoreRefusal} if an operator is needed, an
     *     {@link InterruptedIOException} if this thread was interrupted, any other {@link IOException} if it may be temporary
     */
    static IOException translate(String operation, String object, SdkException error) {
        if (error instanceof AbortedException) {
            Thread.currentThread().interrupt();
            return (IOException) new InterruptedIOException("interrupted: " + operation).initCause(error);
        }
        if (!(error instanceof AwsServiceException answer)) {
            return new IOException("cannot " + operation + ": " + error.getMessage(), error);
        }
        var code = codeOf(answer);
        var found = "cannot " + operation + ": HTTP " + answer.statusCode() + " " + code + ": " + answer.getMessage();
        return switch (code) {
            case "NoSuchKey" -> (IOException) new NoSuchFileException(object).initCause(error);
            case "NoSuchBucket", "InvalidBucketName" ->
                new StoreRefusal(found, "create the bucket, or set segments.root to one that exists", error);
            case "PermanentRedirect", "AuthorizationHeaderMalformed" ->
                new StoreRefusal(found, "set s3.region and s3.endpoint to those of the bucket", error);
            default -> byStatus(found, object, answer);
        };
    }

    private static IOException byStatus(String found, String object, AwsServiceException answer) {
        var status = answer.statusCode();
        return switch (status) {
            case 401, 403 ->
                new StoreRefusal(
                        found,
                        "give the credentials s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and"
                                + " s3:DeleteObject on its objects; see docs/operations.md",
                        answer);
            // The response to HEAD has no body and so no code.
            case NOT_FOUND -> (IOException) new NoSuchFileException(object).initCause(answer);
            case CONFLICT, REQUEST_TIMEOUT, TOO_MANY_REQUESTS, PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE ->
                new IOException(found, answer);
            default ->
                status == NOT_IMPLEMENTED || status / 100 == 3 || status / 100 == 4
                        ? new StoreRefusal(
                                found, "use a store that supports this request, or check the s3.* settings", answer)
                        : new IOException(found, answer);
        };
    }

    /**
     * Returns whether to retry an error that the SDK would not. S3 requires a retry when two conditional puts collide. A
     * response that ended early and cannot be parsed does not mean that the next one fails.
     */
    static boolean isRetryable(Throwable error) {
        return hasStatus(error, CONFLICT)
                || (error instanceof SdkClientException && error.getCause() instanceof XMLStreamException);
    }

    static boolean hasStatus(Throwable error, int status) {
        return error instanceof AwsServiceException answer && answer.statusCode() == status;
    }

    private static String codeOf(AwsServiceException answer) {
        var details = answer.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }
}
