package io.seawall.node.host;

import io.seawall.wal.WalException;
import java.io.IOException;
import java.nio.file.Path;

/** A program that locks a directory: prints {@code locked} and waits to be killed, or prints why the lock failed. */
final class DataDirLockMain {
    private DataDirLockMain() {}

    public static void main(String[] args) throws IOException {
        try {
            DataDirLock.take(Path.of(args[0]));
            System.out.println("locked");
            int unused = System.in.read();
        } catch (WalException taken) {
            System.out.println(taken.getMessage());
        }
    }
}
