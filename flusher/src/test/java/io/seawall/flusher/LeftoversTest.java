package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.Leftovers.Kind;
import io.seawall.flusher.Leftovers.Leftover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant BORDER = Instant.parse("2026-01-01T01:00:00Z");
    private static final Instant LATELY = Instant.parse("2026-01-01T02:00:00Z");

    @TempDir
    Path folder;

    private Path store;
    private Path spools;

    @BeforeEach
    void makeFolders() throws Exception {
        store = Files.createDirectory(folder.resolve("segments"));
        spools = Files.createDirectory(folder.resolve("spool"));
    }

    @Test
    void findsTheTemporaryFilesOfInterruptedPuts() throws Exception {
        var dead = file(store.resolve("orders/3/.00000000000000000042.avro.0a.1.tmp"), 7, LONG_AGO);
        var living = file(store.resolve("orders/3/.00000000000000000043.avro.0b.1.tmp"), 7, LATELY);

        var found = Leftovers.inStore(store, BORDER);

        assertThat(found).containsExactly(new Leftover(dead, Kind.TEMPORARY, 7, LONG_AGO));
        assertThat(found.get(0).delete()).isTrue();
        assertThat(dead).doesNotExist();
        assertThat(living).exists();
        assertThat(found.get(0).delete()).as("gone already").isTrue();
    }

    @Test
    void findsTheFilesThatProbesLeft() throws Exception {
        var probe = file(store.resolve(".probe-0a-first"), 5, LONG_AGO);
        var put = file(store.resolve(".store-id.0a.1.tmp"), 16, LONG_AGO);
        var content = file(store.resolve(".store-id-0a"), 16, LONG_AGO);
        file(store.resolve("store-id"), 16, LONG_AGO);

        assertThat(Leftovers.inStore(store, BORDER)).extracting(Leftover::path).containsExactly(probe, content, put);
    }

    @Test
    void segmentsAndForeignFilesAreNoLeftovers() throws Exception {
        file(store.resolve("orders/3/00000000000000000042.avro"), 7, LONG_AGO);
        file(store.resolve("orders/3/notes.tmp"), 7, LONG_AGO);
        file(store.resolve("Not A Topic/3/.x.tmp"), 7, LONG_AGO);
        file(store.resolve("orders/3/deeper/.x.tmp"), 7, LONG_AGO);
        var elsewhere = file(folder.resolve("elsewhere/.x.tmp"), 7, LONG_AGO);
        Files.createSymbolicLink(store.resolve("orders/4"), elsewhere.getParent());
        Files.createSymbolicLink(store.resolve("orders/3/.link.tmp"), elsewhere);

        assertThat(Leftovers.inStore(store, BORDER)).isEmpty();
    }

    @Test
    void findsTheSpoolOfADeadProcessWithItsContents() throws Exception {
        var dead = spool("1-0-dead", LONG_AGO);
        spool("2-0-young", LATELY);
        file(spools.resolve("foreign/anything"), 3, LONG_AGO);

        var found = Leftovers.inSpool(spools, BORDER);

        assertThat(found).singleElement().satisfies(one -> {
            assertThat(one.path()).isEqualTo(dead);
            assertThat(one.kind()).isEqualTo(Kind.SPOOL);
            assertThat(one.bytes()).isEqualTo(9);
            assertThat(one.delete()).isTrue();
        });
        assertThat(dead).doesNotExist();
        assertThat(spools.resolve("2-0-young")).exists();
    }

    @Test
    void theSpoolOfALivingFlusherIsNoLeftover() throws Exception {
        try (var living = Spool.open(new FlusherSettings.Spooling(spools, 1_000))) {
            var file = file(living.newFile(Bench.ORDERS, 0), 9, LONG_AGO);

            assertThat(Leftovers.inSpool(spools, LATELY.plusSeconds(1_000_000_000)))
                    .isEmpty();
            assertThat(new Leftover(living.folder(), Kind.SPOOL, 9, LONG_AGO).delete())
                    .isFalse();
            assertThat(file).exists();
        }
    }

    private Path spool(String name, Instant modified) throws IOException {
        file(spools.resolve(name).resolve("lock"), 0, modified);
        file(spools.resolve(name).resolve("orders-3-0.1.spool"), 9, modified);
        Files.setLastModifiedTime(spools.resolve(name), FileTime.from(modified));
        return spools.resolve(name);
    }

    private static Path file(Path path, int bytes, Instant modified) throws IOException {
        Files.createDirectories(path.getParent());
        Files.write(path, new byte[bytes]);
        return Files.setLastModifiedTime(path, FileTime.from(modified));
    }
}
