package io.seawall.kafkalocal;

import java.io.IOException;
import java.nio.file.Path;

/** A program that locks a directory: prints {@code locked} and waits to be killed, or prints why it cannot. */
final class LockMain {
    private LockMain() {}

    public static void main(String[] args) throws IOException {
        try {
            DirectoryLock.take(Path.of(args[0]));
            System.out.println("locked");
            int unused = System.in.read();
        } catch (LocalKafkaException taken) {
            System.out.println(taken.getMessage());
        }
    }
}
