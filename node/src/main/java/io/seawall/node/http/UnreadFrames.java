package io.seawall.node.http;

import io.seawall.node.metrics.NodeMetrics;
import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.BufferingFlowControlStrategy;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.FlowControlStrategy;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Limits the DATA frames of HTTP/2 that arrived and are not read. Flow control limits their bytes, but each of them, however small,
 * takes some 200 bytes of memory besides: clients whose requests wait could fill the memory with frames of one byte (decision 99). A
 * connection beyond a limit is closed with ENHANCE_YOUR_CALM.
 *
 * <p>Jetty calls from any of its threads.
 */
final class UnreadFrames implements FlowControlStrategy.Factory, Connection.Listener {
    /** Which part of a window is read before the client may send so much more; Jetty's default. */
    private static final float RATIO = 0.5F;

    private final Limits limits;
    private final NodeMetrics metrics;
    private final AtomicInteger ofNode = new AtomicInteger();

    /**
     * How many frames may be unread.
     *
     * @param connection the most of a connection
     * @param node how many of all connections there may be until the lower limit holds
     * @param share the lower limit of a connection
     */
    record Limits(int connection, int node, int share) {}

    UnreadFrames(Limits limits, NodeMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
    }

    @Override
    public FlowControlStrategy newFlowControlStrategy() {
        return new Counting();
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof HTTP2Connection http2
                && http2.getSession().getFlowControlStrategy() instanceof Counting frames) {
            frames.end();
        }
    }

    /** Returns how many frames of all connections are not read. */
    int count() {
        return ofNode.get();
    }

    /** The flow control of one connection. */
    private final class Counting extends BufferingFlowControlStrategy {
        // This and the next two fields are guarded by this. Frames of streams that are not known are read at once.
        private final IdentityHashMap<Stream, Unread> streams = new IdentityHashMap<>();
        private int unread;
        private boolean ended;

        Counting() {
            super(RATIO);
        }

        @Override
        public void onDataReceived(Session session, @Nullable Stream stream, int length) {
            super.onDataReceived(session, stream, length);
            if (stream != null
                    && arrived(stream, length)
                    && session instanceof HTTP2Session http2
                    && http2.getEndPoint().getConnection() instanceof HTTP2Connection connection) {
                metrics.refusedConnection("frames");
                connection.onConnectionFailure(ErrorCode.ENHANCE_YOUR_CALM_ERROR.code, "too_many_unread_frames");
            }
        }

        @Override
        public void onDataConsumed(Session session, @Nullable Stream stream, int length) {
            if (stream != null) {
                read(stream, length);
            }
            super.onDataConsumed(session, stream, length);
        }

        /** Counts a frame; returns whether there are too many. Frames of a connection that has ended do not count. */
        private synchronized boolean arrived(Stream stream, int length) {
            if (ended) {
                return false;
            }
            streams.computeIfAbsent(stream, unknown -> new Unread()).add(length);
            unread++;
            var all = ofNode.incrementAndGet();
            return unread > limits.connection() || (all > limits.node() && unread > limits.share());
        }

        /** Forgets a frame, or all frames of a stream, since Jetty reports those of a stream that fails as one. */
        private synchronized void read(Stream stream, int length) {
            var known = streams.get(stream);
            if (known == null) {
                return;
            }
            var gone = known.remove(length);
            if (known.isEmpty()) {
                streams.remove(stream);
            }
            unread -= gone;
            ofNode.addAndGet(-gone);
        }

        /** Forgets the frames that nobody reads any more. */
        synchronized void end() {
            ended = true;
            streams.clear();
            ofNode.addAndGet(-unread);
            unread = 0;
        }
    }

    /** What is not read of one stream. */
    private static final class Unread {
        private int frames;
        private long bytes;

        void add(int length) {
            frames++;
            bytes += length;
        }

        /** Removes a frame, or all of them if no byte is left. Returns how many. */
        int remove(int length) {
            bytes -= length;
            var gone = bytes > 0 ? Math.min(1, frames) : frames;
            frames -= gone;
            return gone;
        }

        boolean isEmpty() {
            return frames == 0;
        }
    }
}
