package io.seawall.node.http.exchange;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An answer without an end, written piece by piece without a thread that waits. At most one write is under way; pieces that come
 * meanwhile are dropped, so it suits messages that a later one replaces. Thread-safe.
 */
public final class LiveStream {
    private final Response response;
    private final Callback request;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private boolean writing; // this and the next field are guarded by this
    private boolean ending;

    /**
     * Creates a stream.
     *
     * @param response the answer, whose head is set and not written yet
     * @param request completes the request
     */
    LiveStream(Response response, Callback request) {
        this.response = response;
        this.request = request;
    }

    /**
     * Writes a piece as one chunk.
     *
     * @param bytes the piece; not copied
     * @return whether it is written: not if the client has not taken the one before, or the stream is over
     */
    public boolean write(byte[] bytes) {
        synchronized (this) {
            if (writing || ending || over.isDone()) {
                return false;
            }
            writing = true;
        }
        response.write(false, ByteBuffer.wrap(bytes), Callback.from(this::written, this::fail));
        return true;
    }

    private void written() {
        boolean last;
        synchronized (this) {
            writing = false;
            last = ending;
        }
        if (last) {
            writeEnd();
        }
    }

    /** Ends the stream as HTTP says, after the write that is under way. Does not wait. */
    public void end() {
        synchronized (this) {
            if (ending) {
                return;
            }
            ending = true;
            if (writing) {
                return; // written continues
            }
        }
        writeEnd();
    }

    private void writeEnd() {
        if (!over.isDone()) {
            response.write(true, ByteBuffer.allocate(0), Callback.from(this::succeed, this::fail));
        }
    }

    private void succeed() {
        if (over.complete(null)) {
            request.succeeded();
        }
    }

    /** Closes the connection: the client is gone or too slow. */
    private void fail(Throwable why) {
        if (over.complete(null)) {
            request.failed(why);
        }
    }

    /** Returns a future that completes when nothing more is written, for whatever reason. */
    public CompletableFuture<Void> over() {
        return over.copy();
    }
}
