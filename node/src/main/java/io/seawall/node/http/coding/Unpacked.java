package io.seawall.node.http.coding;

import java.nio.ByteBuffer;

/** Takes the bytes that a body unpacks to. */
public interface Unpacked {
    /**
     * Returns room for at least one more byte, in an array, between the buffer's position and limit.
     *
     * @throws io.seawall.wal.RetryableException with code OVERLOADED if there is none
     */
    ByteBuffer room();

    /**
     * Notes that so many bytes were written to the room.
     *
     * @throws io.seawall.wal.RequestException with code TOO_LARGE if that is too much
     */
    void taken(int bytes);
}
