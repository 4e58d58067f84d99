package io.seawall.node.http.cluster;

import io.seawall.node.http.json.JsonStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A server-sent event. Immutable; several clients share it. */
final class ClusterEvent {
    private final byte[] bytes;

    private ClusterEvent(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Creates an event.
     *
     * @param name its name
     * @param data its value
     */
    static ClusterEvent of(String name, JsonStreams.Body data) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(JsonStreams.bytes(data));
        out.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
        return new ClusterEvent(out.toByteArray());
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
