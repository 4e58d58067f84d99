package io.seawall.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port for a node that is to come back at the same address. */
final class FreePort {
    private FreePort() {}

    /** A port that is free now; whoever takes it in between makes the node's start fail, loudly. */
    static int find() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
