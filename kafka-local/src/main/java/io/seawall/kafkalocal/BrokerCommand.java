package io.seawall.kafkalocal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command that runs a broker process; the same for all nodes of a cluster.
 *
 * @param prefix words before {@code java}
 * @param java the executable
 * @param libs the broker's jars
 * @param heapMb the maximum heap in MiB
 */
record BrokerCommand(List<String> prefix, Path java, BrokerLibs libs, int heapMb) {
    private static final String LOG_CONFIG = "classpath:io/seawall/kafkalocal/broker-log4j2.properties";

    /** Returns the command line of one node. */
    List<String> line(Path settings, Path storage, String clusterId, Map<String, Integer> features) {
        var words = new ArrayList<>(prefix);
        words.add(java.toString());
        words.add("-Xmx" + heapMb + "m");
        // The smallest footprint, without GC threads that compete with the program under test for few cores.
        words.add("-XX:+UseSerialGC");
        words.add("-XX:+ExitOnOutOfMemoryError");
        words.add("-Djava.awt.headless=true");
        words.add("-Dlog4j2.configurationFile=" + LOG_CONFIG);
        words.add("-cp");
        words.add(libs.classPath());
        words.add(BrokerMain.class.getName());
        words.add(settings.toString());
        words.add(storage.toString());
        words.add(clusterId);
        features.forEach((name, level) -> words.add(name + "=" + level));
        return words;
    }
}
