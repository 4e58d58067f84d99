package io.seawall.it.segments;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.SegmentStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Main class of a process that puts its name under many keys on request, and prints the result of each put. */
final class StorePutter {
    static final String READY = "ready";

    private StorePutter() {}

    /** Takes the arguments: its name, then {@code local FOLDER} or {@code s3 ENDPOINT BUCKET PREFIX}. */
    public static void main(String[] args) throws Exception {
        try (var store = open(args);
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            var content = Files.writeString(Files.createTempFile("putter", ""), args[0]);
            System.out.println(READY);
            var keys = in.readLine();
            for (var key = 0; keys != null && key < Integer.parseInt(keys); key++) {
                System.out.println(store.publish(new SegmentKey(SegmentStoreContract.ORDERS, key), content));
            }
            Files.delete(content);
        }
    }

    private static SegmentStore open(String[] args) {
        return switch (args[1]) {
            case "local" -> LocalSegmentStore.open(Path.of(args[2]), new SecureRandom());
            case "s3" -> S3Stores.open(URI.create(args[2]), args[3], args[4]);
            default -> throw new IllegalArgumentException(args[1]);
        };
    }
}
