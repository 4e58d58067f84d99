package io.seawall.node.http.cluster;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.node.guard.Session;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.LiveStream;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.peer.PeerLines;
import io.seawall.node.periodic.PeriodicTasks;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The streams that other nodes follow: {@link PeerLines} says what is in them. One thread writes the beats of all streams and waits
 * for none of them. A stream whose client does not take a beat misses the next ones, and is cut when the client counts as slow.
 *
 * <p>Streams have to end as HTTP says when the node stops: a stream that is cut means that its process is dead.
 */
public final class PeerStreams implements AutoCloseable {
    /** Streams at the same time; 503 above it. Far above the number of nodes of a cluster. */
    static final int MOST = 256;

    private static final int BEATS_BETWEEN_RATES = 5;
    private static final String NDJSON = "application/x-ndjson";

    private final Supplier<Map<PChannel, Long>> rates;
    private final Map<String, LiveStream> streams = new HashMap<>(); // guarded by itself
    private final Map<LiveStream, Session> sessions = new ConcurrentHashMap<>();
    private final PeriodicTasks beats = new PeriodicTasks("seawall-peer-beats");
    private boolean closed; // guarded by streams
    private int beat; // used by the thread of the beats alone

    /**
     * Creates a server of streams that has none.
     *
     * @param rates returns the rates of this node's logs in bytes per second; does not block
     * @param metrics shows how many streams there are
     */
    public PeerStreams(Supplier<Map<PChannel, Long>> rates, NodeMetrics metrics) {
        this.rates = rates;
        metrics.gauge("seawall.peers.streams", "streams that other nodes follow", this::size);
    }

    /** Begins to write beats. Called once. */
    public void start(Duration every) {
        beats.every(every, this::beat);
    }

    /**
     * Begins a stream. It replaces the one that the same node follows already.
     *
     * @param exchange the request
     * @param node the node that asks
     * @param self this process
     */
    void open(Exchange exchange, String node, Owner self) {
        LiveStream stream;
        LiveStream former;
        synchronized (streams) {
            if (closed) {
                throw exchange.problem(ErrorCode.SHUTTING_DOWN)
                        .found("a node that is stopping")
                        .exception();
            }
            if (streams.size() >= MOST && !streams.containsKey(node)) {
                throw exchange.problem(ErrorCode.OVERLOADED)
                        .found(MOST + " nodes that follow this one")
                        .expected("fewer")
                        .exception();
            }
            stream = exchange.liveStream(200, NDJSON);
            // Before the stream is known to the beats, so that this is its first line. The write does not block.
            stream.write(PeerLines.hello(self.node(), self.incarnation()));
            former = streams.put(node, stream);
        }
        if (former != null) {
            former.end();
        }
        sessions.put(stream, exchange.session());
        var unused = stream.over().thenRun(() -> forget(node, stream));
        if (exchange.isHead()) {
            stream.end();
        }
    }

    private void forget(String node, LiveStream stream) {
        synchronized (streams) {
            streams.remove(node, stream);
        }
        sessions.remove(stream);
    }

    /** Ends streams whose caller may not follow any more. Does not wait. */
    public void check() {
        sessions.forEach((stream, session) -> {
            try {
                session.check();
            } catch (WalException refused) {
                sessions.remove(stream); // the refusal is counted once
                stream.end();
            }
        });
    }

    private int size() {
        synchronized (streams) {
            return streams.size();
        }
    }

    private List<LiveStream> all() {
        synchronized (streams) {
            return List.copyOf(streams.values());
        }
    }

    private void beat() {
        var all = all();
        if (all.isEmpty()) {
            return;
        }
        var isForRates = beat++ % BEATS_BETWEEN_RATES == BEATS_BETWEEN_RATES - 1;
        var piece = isForRates ? joined(PeerLines.rates(rates.get())) : PeerLines.beat();
        all.forEach(stream -> stream.write(piece));
    }

    /** Joins lines to one piece, since a piece that comes while another one is written is dropped. */
    private static byte[] joined(List<byte[]> lines) {
        if (lines.isEmpty()) {
            return PeerLines.beat();
        }
        var all = new ByteArrayOutputStream();
        lines.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Ends all streams, and begins no more. Call it while the server can still write. Does not wait. */
    @Override
    public void close() {
        synchronized (streams) {
            closed = true;
        }
        beats.close();
        all().forEach(LiveStream::end);
    }
}
