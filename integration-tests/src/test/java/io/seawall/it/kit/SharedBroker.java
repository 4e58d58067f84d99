package io.seawall.it.kit;

import io.seawall.kafkalocal.LocalKafka;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * One broker for all test classes that only need a Kafka. Each class uses topics with its own prefix, as on a cluster shared
 * with other users. The first class that requests the broker starts it; JUnit stops it when its session ends.
 */
public final class SharedBroker implements LauncherSessionListener {
    private static @Nullable LocalKafka broker;

    /** Called by JUnit, which finds this class in {@code META-INF/services}. */
    public SharedBroker() {}

    /** Returns the addresses of the broker; starts it on the first call. */
    static synchronized String bootstrapServers() {
        var running = broker;
        if (running == null) {
            running = LocalKafka.builder().brokers(1).start();
            broker = running;
        }
        return running.bootstrapServers();
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        stop();
    }

    private static synchronized void stop() {
        var running = broker;
        broker = null;
        if (running != null) {
            running.close();
        }
    }
}
