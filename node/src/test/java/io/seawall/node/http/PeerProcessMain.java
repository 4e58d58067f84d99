package io.seawall.node.http;

import io.seawall.node.tls.TestTls;
import java.io.IOException;
import java.nio.file.Path;

/** A process that serves as node {@code n1}: prints its port and waits to be killed. */
final class PeerProcessMain {
    private PeerProcessMain() {}

    public static void main(String[] args) throws IOException {
        var http = args.length == 0
                ? new HttpFixture()
                : HttpFixture.withTls(HttpFixture.settings(), TestTls.server(Path.of(args[0]), Path.of(args[1])));
        System.out.println(http.server.port());
        // Its parent closes the input when it kills the process, or ends itself. Either way the streams must not end
        // properly.
        int unused = System.in.read();
        Runtime.getRuntime().halt(1);
    }
}
