package io.seawall.flusher.s3;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Creates clients of the SDK on the JDK's HTTP client, with retries that are bounded in number and time. */
final class S3Clients {
    /** One attempt and four retries; the SDK pauses between them, longer each time, up to 20 s. */
    private static final int ATTEMPTS = 5;

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** The longest time between two packets; a whole attempt has its own limit. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private S3Clients() {}

    /**
     * Creates a client, after checking that there are credentials.
     *
     * @throws io.seawall.wal.OperatorException with {@link ErrorCode#INTERNAL} if there are none
     */
    static S3Client open(S3Settings settings) {
        var credentials = DefaultCredentialsProvider.builder().build();
        try {
            credentials.resolveCredentials();
        } catch (SdkClientException e) {
            credentials.close();
            throw Problem.of(ErrorCode.INTERNAL, "use s3://" + settings.bucket() + " as a segment store")
                    .found("no AWS credentials")
                    .expected("credentials in the SDK's default chain")
                    .fix("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role")
                    .cause(e)
                    .exception();
        }
        var connection = settings.connection();
        var timeouts = settings.timeouts();
        var builder = S3Client.builder()
                .region(Region.of(connection.region()))
                .forcePathStyle(connection.pathStyle())
                .credentialsProvider(credentials)
                // Send the plain bytes as the body: see PutContent.
                .serviceConfiguration(
                        S3Configuration.builder().chunkedEncodingEnabled(false).build())
                .requestChecksumCalculation(
                        switch (connection.checksum()) {
                            case WHEN_SUPPORTED -> RequestChecksumCalculation.WHEN_SUPPORTED;
                            case WHEN_REQUIRED -> RequestChecksumCalculation.WHEN_REQUIRED;
                        })
                .responseChecksumValidation(
                        switch (connection.checksum()) {
                            case WHEN_SUPPORTED -> ResponseChecksumValidation.WHEN_SUPPORTED;
                            case WHEN_REQUIRED -> ResponseChecksumValidation.WHEN_REQUIRED;
                        })
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(shorter(CONNECT, timeouts.attempt()))
                        .socketTimeout(shorter(SILENCE, timeouts.attempt())))
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .apiCallAttemptTimeout(timeouts.attempt())
                        .apiCallTimeout(timeouts.call())
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .retryOnException(S3Errors::isRetryable)
                                .build())
                        .build());
        connection.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
