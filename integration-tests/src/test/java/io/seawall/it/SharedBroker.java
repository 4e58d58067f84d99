package io.seawall.it;

import io.seawall.kafkalocal.LocalKafka;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * One broker for all test classes that need nothing but a Kafka: each uses topics under a prefix of its own, as on a cluster
 * that other people use. The first class that asks starts it; JUnit stops it when its session ends.
 */
public final class SharedBroker implements LauncherSessionListener {
    private static @Nullable LocalKafka broker;

    /** Called by JUnit, which finds this class in {@code META-INF/services}. */
    public SharedBroker() {}

    /** Returns the addresses of the broker, which it starts if it is not there yet. */
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
