package io.seawall.it.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds a port for a node that has to restart at the same address. It is below the range from which the kernel assigns ports to
 * outgoing connections, so that no client gets it while the node is down; and picked at random, since tests run in several processes.
 */
public final class FreePort {
    private static final int LOWEST = 12_000;
    private static final int FIRST_OUTGOING = 32_768;
    private static final int MOST_TRIES = 1_000;

    private FreePort() {}

    /** Returns a port that is free now; if another process takes it in between, the node fails to start. */
    public static int find() {
        for (var tries = 0; tries < MOST_TRIES; tries++) {
            var port = ThreadLocalRandom.current().nextInt(LOWEST, FIRST_OUTGOING);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + LOWEST + " to " + (FIRST_OUTGOING - 1));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
