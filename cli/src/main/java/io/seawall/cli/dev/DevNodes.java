package io.seawall.cli.dev;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the nodes of {@code dev}. The first node runs in this process, the others are processes of their own, so that one
 * of them can be killed.
 *
 * @param data the directory of the first node; the others have directories in it
 * @param port the HTTP port of the first node, null for the default; each further node has the port two above
 * @param grpcPort the same for gRPC; 0 stands for any free port, for each node
 * @param assignments the user's settings, for each node; they override the others
 * @param count how many nodes
 */
record DevNodes(Path data, @Nullable Integer port, @Nullable Integer grpcPort, List<String> assignments, int count) {
    private static final int USUAL_PORT = 7070;
    private static final int USUAL_GRPC_PORT = 7071;
    private static final int PORTS_EACH = 2; // one for HTTP and one for gRPC
    private static final String HTTP = "http.port=";
    private static final String GRPC = "grpc.port=";

    /** Written out because javac 17 drops the Nullable from a compact constructor. */
    DevNodes(Path data, @Nullable Integer port, @Nullable Integer grpcPort, List<String> assignments, int count) {
        this.data = data;
        this.port = port;
        this.grpcPort = grpcPort;
        this.assignments = List.copyOf(assignments);
        this.count = count;
    }

    /** Returns the id of a node; the first has number 1. */
    String id(int number) {
        return number == 1 ? "dev" : "dev-" + number;
    }

    /** Returns the directory of a node. */
    Path directory(int number) {
        return number == 1 ? data : data.resolve(id(number));
    }

    /**
     * Returns the settings of a node.
     *
     * @param number 1 for the first
     * @param bootstrapServers the brokers
     */
    List<String> settings(int number, String bootstrapServers) {
        var settings = new ArrayList<String>();
        settings.add("node.id=" + id(number));
        if (count == 1) {
            settings.add("cluster.settle.ms=0"); // no other node is about to come
        }
        settings.add("data.dir=" + directory(number));
        settings.add("kafka.bootstrap.servers=" + bootstrapServers);
        if (number > 1) {
            settings.add(
                    "segments.root=" + data.resolve("segments")); // where the first node has its own: all share one
        }
        addPort(settings, HTTP, port, USUAL_PORT, number);
        addPort(settings, GRPC, grpcPort, USUAL_GRPC_PORT, number);
        settings.addAll(assignments);
        if (number > 1) { // one port is not enough for two nodes
            useAnyPort(settings, HTTP);
            useAnyPort(settings, GRPC);
        }
        return List.copyOf(settings);
    }

    private static void addPort(List<String> settings, String key, @Nullable Integer first, int usual, int number) {
        if (number == 1 && first == null) {
            return; // the default
        }
        var base = first == null ? usual : first;
        settings.add(key + (base == 0 ? 0 : base + (number - 1) * PORTS_EACH));
    }

    private void useAnyPort(List<String> settings, String key) {
        if (assignments.stream().anyMatch(assignment -> assignment.strip().startsWith(key))) {
            settings.add(key + 0);
        }
    }
}
