package io.seawall.node.guard;

import io.seawall.node.access.Token;
import io.seawall.node.reload.ReloadedFiles;
import java.nio.file.Path;
import java.util.List;

/** The token that this node sends to other nodes, from a file that may be replaced. {@link #check} is for one thread at a time. */
public final class NodeToken {
    private final ReloadedFiles file;
    private volatile String token = ""; // written by the thread that reads the file

    private NodeToken(Path path) {
        file = new ReloadedFiles(List.of(path), contents -> token = Token.inFile(path.toString(), contents.get(0)));
        file.load();
    }

    /**
     * Reads the file. Blocks.
     *
     * @throws io.seawall.wal.WalException with code INVALID if it cannot be used
     */
    public static NodeToken load(Path path) {
        return new NodeToken(path);
    }

    /** Reads the file again. Blocks. */
    public void check() {
        file.check();
    }

    /** Returns the token. */
    public String token() {
        return token;
    }
}
