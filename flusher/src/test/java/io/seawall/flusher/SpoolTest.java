package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.OperatorException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    Path folder;

    @Test
    void removesTheSpoolOfADeadProcess() throws Exception {
        var dead = Files.createDirectory(folder.resolve("1-0-dead"));
        Files.createFile(dead.resolve("lock"));
        Files.writeString(dead.resolve("orders-3-0.1.spool"), "left over");

        try (var spool = Spool.open(spooling(folder))) {
            assertThat(dead).doesNotExist();
            assertThat(spool.folder()).exists();
        }
    }

    @Test
    void keepsTheSpoolsOfLivingFlushers() throws Exception {
        try (var living = Spool.open(spooling(folder))) {
            var file = Files.writeString(living.newFile(Bench.ORDERS, 0), "in use");

            Spool.open(spooling(folder)).close();

            assertThat(file).exists();
        }
    }

    @Test
    void keepsForeignFolders() throws Exception {
        var foreign = Files.createDirectory(folder.resolve("foreign"));

        Spool.open(spooling(folder)).close();

        assertThat(foreign).exists();
    }

    @Test
    void leavesNothingWhenClosed() throws Exception {
        var spool = Spool.open(spooling(folder));
        Files.writeString(spool.newFile(Bench.ORDERS, 0), "not published");

        spool.close();

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesAPlaceThatIsNoFolder() throws Exception {
        var taken = Files.writeString(folder.resolve("taken"), "");

        assertThatThrownBy(() -> Spool.open(spooling(taken)))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("spool.dir");
    }

    private static FlusherSettings.Spooling spooling(Path folder) {
        return new FlusherSettings.Spooling(folder, 1);
    }
}
