package io.seawall.kafkalocal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Picks free ports on 127.0.0.1, below the range from which the kernel assigns ports to outgoing connections. A broker keeps
 * its port across kill and restart. In that range the kernel could assign the port to any client meanwhile, and a client that
 * repeatedly calls a dead broker could even be connected to itself.
 */
public final class FreePorts {
    private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LOWEST = 12_000;
    private static final int USUAL_OUTGOING = 32_768;
    private static final int TRIES_PER_PORT = 200;

    private final RandomGenerator random;

    /**
     * Creates a picker.
     *
     * @param random decides which ports are tried; processes that run at the same time need different ones
     */
    public FreePorts(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Picks distinct ports on which nothing listens now. Another process may still take one before a broker does.
     *
     * @throws LocalKafkaException if none is found within a bounded number of tries
     */
    public List<Integer> pick(int count) {
        int end = firstOutgoingPort();
        Set<Integer> picked = new LinkedHashSet<>();
        for (int tries = 0; picked.size() < count; tries++) {
            if (tries == count * TRIES_PER_PORT) {
                throw new LocalKafkaException("Found no free port on 127.0.0.1 from " + LOWEST + " to " + (end - 1)
                        + " in " + tries + " tries");
            }
            int candidate = random.nextInt(LOWEST, end);
            if (isFree(candidate)) {
                picked.add(candidate);
            }
        }
        return List.copyOf(picked);
    }

    /** Returns whether a listener can be opened on the port now. */
    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int firstOutgoingPort() {
        try {
            int first = Integer.parseInt(Files.readString(OUTGOING).strip().split("\\s+", 2)[0]);
            // If the range leaves no room, use the usual start, which gives up only the protection above.
            return first > LOWEST + 1000 ? first : USUAL_OUTGOING;
        } catch (IOException notLinux) {
            return USUAL_OUTGOING;
        }
    }
}
