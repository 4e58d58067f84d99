package io.seawall.node.http.exchange;

import io.seawall.node.http.coding.Unpacked;
import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.server.Request;

/**
 * The bytes of a body. It grows up to a limit, and within the budget of all bodies, to which its bytes return when the request is
 * answered. Used by one thread at a time.
 */
final class BodyBuffer implements Unpacked {
    private static final int FIRST_BYTES = 8 << 10;
    private static final int ROOM_BYTES = 64 << 10;

    private final Request request;
    private final int maxBytes;
    private final ByteBudget budget;
    private final String form;
    private byte[] bytes = new byte[0];
    private int length;

    /**
     * Creates an empty buffer.
     *
     * @param request the request whose body it is
     * @param maxBytes the size of the largest body
     * @param budget the bytes that all bodies together may take
     * @param form how the bytes differ from those that were sent, for errors; empty if they do not
     */
    BodyBuffer(Request request, int maxBytes, ByteBudget budget, String form) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.budget = budget;
        this.form = form;
    }

    int length() {
        return length;
    }

    /** Returns the array, which may be longer than the body. */
    byte[] array() {
        return bytes;
    }

    /** Returns exactly the bytes of the body. */
    byte[] exact() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Prepares for a body of about this size. */
    void expect(int size) {
        if (size > bytes.length) {
            grow(size);
        }
    }

    /**
     * Appends the rest of a piece.
     *
     * @throws WalException with TOO_LARGE or OVERLOADED
     */
    void append(ByteBuffer piece) {
        var more = piece.remaining();
        if (more > maxBytes - length) {
            throw tooLarge("more than that");
        }
        if (length + more > bytes.length) {
            grow(length + more);
        }
        piece.get(bytes, length, more);
        length += more;
    }

    /** Has room for one byte beyond the largest body, since only that byte shows that the body is larger. */
    @Override
    public ByteBuffer room() {
        if (length == bytes.length) {
            grow(length + 1);
        }
        return ByteBuffer.wrap(bytes, length, Math.min(ROOM_BYTES, bytes.length - length));
    }

    @Override
    public void taken(int more) {
        length += more;
        if (length > maxBytes) {
            throw tooLarge("more than that");
        }
    }

    private void grow(int needed) {
        var wanted = Math.max(needed, Math.max(FIRST_BYTES, bytes.length * 2L));
        var size = (int) Math.max(needed, Math.min(maxBytes, wanted));
        var more = size - bytes.length;
        if (!budget.take(more)) {
            throw Problem.of(ErrorCode.OVERLOADED, "accept the body")
                    .found("too many bytes in the bodies of other requests")
                    .expected("at most " + HttpLimits.ALL_BODIES_BYTES + " bytes at once")
                    .fix("try again")
                    .exception();
        }
        Request.addCompletionListener(request, failure -> budget.give(more));
        bytes = Arrays.copyOf(bytes, size);
    }

    WalException tooLarge(String found) {
        return Problem.of(ErrorCode.TOO_LARGE, "accept the body")
                .found(found)
                .expected("a body of at most " + maxBytes + " bytes" + form)
                .with("limit", maxBytes)
                .exception();
    }
}
