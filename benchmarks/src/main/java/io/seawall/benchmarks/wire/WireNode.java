package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.ProcessFacts;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The node that is measured.
 *
 * @param url where it serves HTTP
 * @param grpc where it serves gRPC, as host:port
 * @param pid its process, if that is known and on this machine
 */
public record WireNode(URI url, String grpc, OptionalLong pid) {
    /** Returns the processor time that the node has used; zero if its process is not known. */
    Duration cpu() {
        return pid.isPresent() ? ProcessFacts.cpu(pid.getAsLong()) : Duration.ZERO;
    }
}
