package io.seawall.it.kit;

import io.seawall.kafkalocal.FreePorts;
import java.util.concurrent.ThreadLocalRandom;

/** Finds a port for a node that has to restart at the same address. */
public final class FreePort {
    private FreePort() {}

    /** Returns a port that is free now, as {@link FreePorts} finds it. If another process takes it in between, the node fails to start. */
    public static int find() {
        return new FreePorts(ThreadLocalRandom.current()).pick(1).get(0);
    }
}
