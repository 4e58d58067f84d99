package io.seawall.it.segments;

import io.seawall.flusher.store.SegmentStore;
import io.seawall.it.s3.S3Server;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("full")
class S3SegmentStoreIT extends SegmentStoreContract {
    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static S3Server server;

    private String bucket = "";

    @BeforeAll
    static void startServer(@TempDir Path data) {
        server = S3Server.start(data);
    }

    @AfterAll
    static void endServer() {
        server.close();
    }

    @Override
    SegmentStore open() {
        if (bucket.isEmpty()) {
            bucket = "bucket-" + BUCKETS.incrementAndGet();
            server.bucket(bucket);
        }
        return S3Stores.open(server.endpoint(), bucket, "deep/root");
    }

    @Override
    Path objects() {
        return server.bucket(bucket).resolve("deep/root");
    }

    @Override
    List<String> putterArguments() {
        return List.of("s3", server.endpoint().toString(), bucket, "deep/root");
    }
}
