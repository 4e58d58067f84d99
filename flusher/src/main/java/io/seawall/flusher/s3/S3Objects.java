package io.seawall.flusher.s3;

import io.seawall.flusher.store.SegmentStore.PutResult;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The five requests that a store needs, on objects named by their path below the root. Translates errors with {@link S3Errors}.
 */
final class S3Objects {
    /** The most keys that S3 returns in one response. */
    private static final int PAGE_KEYS = 1000;

    private final S3Client client;
    private final S3Settings settings;
    private final Duration callTimeout;

    S3Objects(S3Client client, S3Settings settings) {
        this(client, settings, settings.timeouts().call());
    }

    private S3Objects(S3Client client, S3Settings settings, Duration callTimeout) {
        this.client = client;
        this.settings = settings;
        this.callTimeout = callTimeout;
    }

    /** Returns the same objects with another time limit for each call. */
    S3Objects within(Duration timeout) {
        return new S3Objects(client, settings, timeout.compareTo(callTimeout) < 0 ? timeout : callTimeout);
    }

    /**
     * A page of a listing.
     *
     * @param paths in the order of their bytes
     * @param more whether others follow
     */
    record Page(List<String> paths, boolean more) {}

    /**
     * An object that is being read.
     *
     * @param in its bytes from the requested offset on
     * @param leftBytes how many bytes follow
     * @param etag identifies the content
     */
    record Body(ResponseInputStream<GetObjectResponse> in, long leftBytes, String etag) {}

    /**
     * Puts an object unless there is one of that name. A put that is retried because its answer was lost finds the object of
     * the first attempt and returns {@link PutResult#EXISTS}.
     */
    PutResult putIfAbsent(String path, PutContent content) throws IOException {
        try {
            return call("put", path, () -> {
                client.putObject(
                        request -> request.bucket(settings.bucket())
                                .key(key(path))
                                .ifNoneMatch("*")
                                .checksumCRC32C(hasChecksums() ? content.crc32c() : null)
                                .overrideConfiguration(bounded()),
                        content.body());
                return PutResult.PUBLISHED;
            });
        } catch (IOException e) {
            if (e.getCause() != null && S3Errors.hasStatus(e.getCause(), S3Errors.PRECONDITION_FAILED)) {
                return PutResult.EXISTS;
            }
            throw e;
        }
    }

    /**
     * Reads an object.
     *
     * @param path its name
     * @param fromByte how many bytes to skip
     * @param etag the content that it must have; null for any
     * @throws java.nio.file.NoSuchFileException if it does not exist
     */
    Body get(String path, long fromByte, @Nullable String etag) throws IOException {
        var in = call(
                "get",
                path,
                () -> client.getObject(request -> request.bucket(settings.bucket())
                        .key(key(path))
                        .range(fromByte == 0 ? null : "bytes=" + fromByte + "-")
                        .ifMatch(etag)
                        .overrideConfiguration(bounded())));
        return new Body(in, in.response().contentLength(), in.response().eTag());
    }

    /** Reads an object to its end and resumes after a broken connection; see {@link ResumingInput}. */
    InputStream open(String path, long fromByte) throws IOException {
        try {
            return new ResumingInput(this, path, fromByte);
        } catch (IOException e) {
            if (e.getCause() == null || !S3Errors.hasStatus(e.getCause(), S3Errors.RANGE_NOT_SATISFIABLE)) {
                throw e;
            }
            // S3 rejects an empty range, but we allow reading at the end of the object.
            var size = sizeBytes(path);
            if (size != fromByte) {
                throw new EOFException(describe(path) + " has " + size + " bytes, requested from " + fromByte);
            }
            return InputStream.nullInputStream();
        }
    }

    long sizeBytes(String path) throws IOException {
        return call(
                "read the size of",
                path,
                () -> client.headObject(request ->
                                request.bucket(settings.bucket()).key(key(path)).overrideConfiguration(bounded()))
                        .contentLength());
    }

    /** Deletes an object; one that does not exist is not an error. */
    void delete(String path) throws IOException {
        call(
                "delete",
                path,
                () -> client.deleteObject(request ->
                        request.bucket(settings.bucket()).key(key(path)).overrideConfiguration(bounded())));
    }

    /**
     * Lists one page of a folder.
     *
     * @param folder its path, with a slash at the end
     * @param above only names that sort after this path; the folder itself for all
     */
    Page list(String folder, String above) throws IOException {
        var answer = call(
                "list",
                folder,
                () -> client.listObjectsV2(request -> request.bucket(settings.bucket())
                        .prefix(key(folder))
                        .startAfter(key(above))
                        .maxKeys(PAGE_KEYS)
                        .overrideConfiguration(bounded())));
        var skipped = key("").length();
        var paths = answer.contents().stream()
                .map(S3Object::key)
                .map(key -> key.substring(skipped))
                .toList();
        if (!paths.isEmpty() && paths.get(0).compareTo(above) <= 0) {
            throw new IOException("cannot list " + describe(folder) + " above " + above + ": the store began with "
                    + paths.get(0) + "; it must support start-after");
        }
        return new Page(paths, Boolean.TRUE.equals(answer.isTruncated()));
    }

    /** Returns the location of an object, for people. */
    String describe(String path) {
        return "s3://" + settings.bucket() + "/" + key(path);
    }

    private boolean hasChecksums() {
        return settings.connection().checksum() == S3Settings.Checksum.WHEN_SUPPORTED;
    }

    private String key(String path) {
        return settings.objectName(path);
    }

    private AwsRequestOverrideConfiguration bounded() {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(callTimeout)
                .build();
    }

    private <T> T call(String verb, String path, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (SdkException e) {
            var object = describe(path);
            throw S3Errors.translate(verb + " " + object, object, e);
        }
    }
}
