package io.seawall.node.http.pace;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * An answer whose writes the client must receive at a lowest rate. Time without a pending write, as in an idle stream, does
 * not count.
 */
final class PacedResponse extends Response.Wrapper {
    private final Pace pace;
    private final Runnable tooSlow;

    PacedResponse(Request request, Response wrapped, Pace pace, Runnable tooSlow) {
        super(request, wrapped);
        this.pace = pace;
        this.tooSlow = tooSlow;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        long bytes = BufferUtil.length(content);
        var write = new Write(callback, new PaceWatch(getRequest(), pace, () -> bytes, tooSlow));
        super.write(last, content, write);
        write.watchIfUnderWay();
    }

    /** A write that is watched unless it completes at once. */
    private static final class Write extends Callback.Nested {
        private final PaceWatch watch;
        private volatile boolean done;

        Write(Callback callback, PaceWatch watch) {
            super(callback);
            this.watch = watch;
        }

        void watchIfUnderWay() {
            if (!done) {
                watch.start();
            }
        }

        @Override
        public void succeeded() {
            ended();
            super.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            ended();
            super.failed(cause);
        }

        private void ended() {
            done = true;
            watch.stop();
        }
    }
}
