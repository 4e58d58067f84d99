package io.seawall.node.http.append;

import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The append streams of a node. They end as HTTP says when the node stops, so that their clients know which line is next. Thread-safe. */
public final class LineStreams implements AutoCloseable {
    private final Set<LineStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by close, read by any thread

    /** Creates a server of streams that has none. */
    public LineStreams(NodeMetrics metrics) {
        metrics.gauge("seawall.append.streams", "append streams that are open", streams::size);
    }

    /**
     * Starts a stream.
     *
     * @throws io.seawall.wal.RetryableException with code OVERLOADED if there are too many, SHUTTING_DOWN if the node stops
     */
    void start(Exchange exchange, LineStream stream) {
        streams.add(stream);
        if (closed || streams.size() > HttpLimits.APPEND_STREAMS) {
            streams.remove(stream);
            throw closed
                    ? exchange.problem(ErrorCode.SHUTTING_DOWN)
                            .found("a node that is stopping")
                            .exception()
                    : exchange.problem(ErrorCode.OVERLOADED)
                            .found(HttpLimits.APPEND_STREAMS + " append streams")
                            .expected("fewer at once")
                            .exception();
        }
        var unused = stream.over().thenRun(() -> streams.remove(stream));
        stream.start();
    }

    /** Ends streams whose caller may not append any more. Does not wait. */
    public void check() {
        streams.forEach(LineStream::check);
    }

    /** Ends all streams, and begins no more. Call it while the server can still write. Does not wait. */
    @Override
    public void close() {
        closed = true;
        streams.forEach(LineStream::stop);
    }
}
