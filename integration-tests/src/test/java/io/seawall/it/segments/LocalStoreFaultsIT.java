package io.seawall.it.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.SegmentStore.PutResult;
import io.seawall.wal.OperatorException;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a store in a folder behaves when the folder fails. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LocalStoreFaultsIT {
    private static final SegmentKey KEY = new SegmentKey(new PChannel("orders", 3), 0);

    @TempDir
    private Path folder;

    @Test
    void refusesAFolderThatNobodyMayWrite() {
        // A place where not even root may create a folder.
        var forbidden = Path.of("/proc/seawall");

        assertThatThrownBy(() -> LocalSegmentStore.open(forbidden, new SecureRandom()))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("/proc/seawall")
                .hasMessageContaining("segments.root");
    }

    @Test
    void saysWhichFolderCannotBeMadeAndWorksOnceItCan() throws Exception {
        var store = LocalSegmentStore.open(folder, new SecureRandom());
        var inTheWay = Files.writeString(folder.resolve("orders"), "a file, where a folder is needed");
        var content = Files.writeString(folder.resolve("content"), "x");

        assertThatThrownBy(() -> store.publish(KEY, content))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(inTheWay.toString());

        Files.delete(inTheWay);
        assertThat(store.publish(KEY, content)).isEqualTo(PutResult.PUBLISHED);
    }

    /** A limit on the size of files, which applies to root too, acts like a disk that is full in the middle of the object. */
    @Test
    void aFullDiskIsAnErrorThatNamesTheObjectAndLeavesNothingBehind() throws Exception {
        var store = LocalSegmentStore.open(folder.resolve("store"), new SecureRandom());
        var content = Files.write(folder.resolve("content"), new byte[1 << 20]);

        var said = putWithFilesOfAtMost(100, content);

        assertThat(said).contains("00000000000000000000.avro").contains("FAILED");
        try (var left = Files.walk(folder.resolve("store"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(putWithFilesOfAtMost(4_000, content)).contains("PUBLISHED");
        assertThat(store.sizeBytes(KEY)).isEqualTo(1 << 20);
    }

    private String putWithFilesOfAtMost(int kib, Path content) throws Exception {
        var put = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f " + kib + " && exec \"$@\"",
                        "put",
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData", // its file would be larger than the limit
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Put.class.getName(),
                        folder.resolve("store").toString(),
                        content.toString())
                .redirectErrorStream(true)
                .start();
        try (var out = put.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            put.destroyForcibly();
        }
    }

    /** Puts one object. */
    static final class Put {
        public static void main(String[] args) throws Exception {
            var store = LocalSegmentStore.open(Path.of(args[0]), new SecureRandom());
            try {
                System.out.println(store.publish(KEY, Path.of(args[1])));
            } catch (IOException e) {
                System.out.println("FAILED " + e);
            }
        }
    }

    @Test
    void leftOversOfCrashedProcessesAreInNobodysWay() throws Exception {
        var log = Files.createDirectories(folder.resolve("orders/3"));
        Files.writeString(log.resolve(".00000000000000000000.avro.0123456789abcdef.1.tmp"), "half of one");
        Files.writeString(folder.resolve(".store-id.txt.0123456789abcdef.1.tmp"), "half of an id");
        var store = LocalSegmentStore.open(folder, new SecureRandom());

        assertThat(store.last(KEY.pchannel())).isEmpty();
        assertThat(store.publish(KEY, Files.writeString(folder.resolve("content"), "x")))
                .isEqualTo(PutResult.PUBLISHED);
        assertThat(store.list(KEY.pchannel(), -1)).isEqualTo(List.of(KEY));
        assertThat(store.storeId()).hasSize(16);
    }
}
