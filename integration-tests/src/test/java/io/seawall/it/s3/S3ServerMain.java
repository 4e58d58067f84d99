package io.seawall.it.s3;

import java.io.IOException;

/**
 * Runs S3Proxy until standard input closes, so that no server outlives a killed test run. Needs only the JDK to compile: the
 * server's jars are on the class path of this process only.
 */
final class S3ServerMain {
    private static final int PARENT_IS_GONE = 3;

    private S3ServerMain() {}

    public static void main(String[] args) throws Exception {
        var watch = new Thread(S3ServerMain::haltWhenInputEnds, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        Class.forName("org.gaul.s3proxy.Main").getMethod("main", String[].class).invoke(null, (Object) args);
    }

    private static void haltWhenInputEnds() {
        try {
            while (System.in.read() >= 0) {
                // Ignore input: the parent writes none.
            }
        } catch (IOException e) {
            System.out.println("Standard input failed, which counts as its end: " + e);
        }
        Runtime.getRuntime().halt(PARENT_IS_GONE);
    }
}
