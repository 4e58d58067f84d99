package io.seawall.node.http;

import java.io.IOException;

/** A process that serves as node {@code n1}: prints its port and waits to be killed. */
final class PeerProcessMain {
    private PeerProcessMain() {}

    public static void main(String[] args) throws IOException {
        try (var http = new HttpFixture()) {
            System.out.println(http.server.port());
            int unused = System.in.read();
        }
    }
}
