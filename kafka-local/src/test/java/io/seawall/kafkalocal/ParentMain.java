package io.seawall.kafkalocal;

import java.nio.file.Path;

/** A program with a broker that is going to be killed: prints the broker's process id and waits. */
final class ParentMain {
    private ParentMain() {}

    public static void main(String[] args) throws Exception {
        try (var kafka =
                LocalKafka.builder().dataDir(Path.of(args[0])).keepData(true).start()) {
            if (args[1].equals("paused")) {
                kafka.broker(0).pause();
            }
            System.out.println(kafka.broker(0).pid());
            int unused = System.in.read();
        }
    }
}
