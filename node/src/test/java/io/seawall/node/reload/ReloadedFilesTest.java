package io.seawall.node.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.RequestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedFilesTest {
    @TempDir
    private Path folder;

    private Path first;
    private Path second;
    private final List<String> used = new ArrayList<>();
    private ReloadedFiles files;

    @BeforeEach
    void create() throws IOException {
        first = folder.resolve("first");
        second = folder.resolve("second");
        Files.writeString(first, "a");
        Files.writeString(second, "b");
        files = new ReloadedFiles(List.of(first, second), this::use);
    }

    private void use(List<byte[]> contents) {
        var text = new StringBuilder();
        contents.forEach(content -> text.append(new String(content, StandardCharsets.UTF_8)));
        if (text.indexOf("!") >= 0) {
            throw Problem.of(ErrorCode.INVALID, "use this").found("!").exception();
        }
        used.add(text.toString());
    }

    @Test
    void changedFilesAreUsedAndOthersAreNotUsedAgain() throws IOException {
        files.load();
        files.check();
        Files.writeString(second, "c");

        files.check();
        files.check();

        assertThat(used).containsExactly("ab", "ac");
        assertThat(files.isRefused()).isFalse();
    }

    @Test
    void whatCannotBeUsedIsRefusedAndLoggedOnce() throws IOException {
        files.load();
        Files.writeString(second, "!");

        files.check();
        assertThat(files.isRefused())
                .as("at first sight, since it may be half replaced")
                .isFalse();
        files.check();
        files.check();
        files.check();

        assertThat(files.isRefused()).isTrue();
        assertThat(files.refusals()).isOne();
        assertThat(used).containsExactly("ab");
    }

    @Test
    void anotherReasonIsLoggedToo() throws IOException {
        files.load();
        Files.writeString(second, "!");
        files.check();
        files.check();
        Files.delete(second);

        files.check();
        files.check();
        files.check();

        assertThat(files.refusals()).isEqualTo(2);
    }

    @Test
    void filesThatAreMendedAreUsed() throws IOException {
        files.load();
        Files.writeString(second, "!");
        files.check();
        files.check();
        Files.writeString(second, "c");

        files.check();

        assertThat(files.isRefused()).isFalse();
        assertThat(used).containsExactly("ab", "ac");
    }

    @Test
    void theOldContentBackInPlaceIsNoRefusal() throws IOException {
        files.load();
        Files.delete(second);
        files.check();
        files.check();
        Files.writeString(second, "b");

        files.check();

        assertThat(files.isRefused()).isFalse();
        assertThat(used).containsExactly("ab");
    }

    @Test
    void aFirstReadThatFailsSaysWhy() throws IOException {
        Files.delete(second);

        assertThatThrownBy(files::load)
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(second.toString())
                .hasMessageContaining("no such file");
    }

    @Test
    void aFolderAndALargeFileAreRefused() throws IOException {
        Files.delete(second);
        Files.createDirectory(second);
        assertThatThrownBy(files::load).isInstanceOf(RequestException.class).hasMessageContaining(second.toString());

        Files.write(first, new byte[ReloadedFiles.MOST_BYTES + 1]);

        assertThatThrownBy(files::load).hasMessageContaining("more than 1048576 bytes");
    }
}
