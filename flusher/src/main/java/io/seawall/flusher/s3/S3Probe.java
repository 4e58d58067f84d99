package io.seawall.flusher.s3;

import io.seawall.flusher.store.SegmentStore.PutResult;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tests whether a store honours put-if-absent: two puts under one name, the second of which must be rejected and change
 * nothing. Some stores accept the header and ignore it.
 */
final class S3Probe {
    private static final Logger LOG = LoggerFactory.getLogger(S3Probe.class);
    private static final String FIRST = "first";
    private static final String SECOND = "second";

    private final S3Objects objects;
    private final RandomGenerator random;

    S3Probe(S3Objects objects, RandomGenerator random) {
        this.objects = objects;
        this.random = random;
    }

    /**
     * Runs the probe and deletes its object.
     *
     * @throws WalException with {@link ErrorCode#INTERNAL} if the store does not honour it
     * @throws StoreRefusal if the store rejects a request
     * @throws IOException if the store does not answer
     */
    void run() throws IOException {
        // No topic and no other node's probe has this name.
        var path = ".probe-" + HexFormat.of().toHexDigits(random.nextLong());
        try {
            // EXISTS is possible too, if the answer to the first attempt was lost; the content decides.
            var first = objects.putIfAbsent(path, PutContent.of(FIRST));
            var second = objects.putIfAbsent(path, PutContent.of(SECOND));
            var kept = content(path);
            if (second != PutResult.EXISTS || !kept.equals(FIRST)) {
                throw Problem.of(ErrorCode.INTERNAL, "use " + objects.describe("") + " as a segment store")
                        .found("puts with If-None-Match: * under one name ended " + first + ", " + second
                                + " and left the content '" + kept + "'")
                        .expected("PUBLISHED, EXISTS and the content '" + FIRST + "'")
                        .fix("set segments.root to a store that honours If-None-Match: * on PUT")
                        .exception();
            }
        } finally {
            deleteQuietly(path);
        }
    }

    private String content(String path) throws IOException {
        try (var in = objects.open(path, 0)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void deleteQuietly(String path) {
        try {
            objects.delete(path);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("object", objects.describe(path))
                    .addKeyValue("error", FutureErrors.text(e))
                    .log("cannot delete the object of a probe, which stays");
        }
    }
}
