package io.seawall.it.proxy;

import io.seawall.it.proxy.Frame.Direction;
import io.seawall.it.proxy.Frame.Request;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection and the matching one to the broker. A broker answers a connection's requests in order, so the
 * requests that wait for an answer form a queue. After the client is gone the broker still gets the requests in flight, and
 * the link ends when they are answered.
 */
final class Link implements AutoCloseable {
    /** The largest frame that a broker accepts. */
    private static final int LONGEST_FRAME = 100 * 1024 * 1024;

    private final Socket client;
    private final Socket broker;
    private final Faults faults;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final Deque<Awaited> awaited = new ArrayDeque<>(); // guarded by itself, as is writing to the broker
    private volatile boolean clientGone; // written by any thread; once true, nothing is written to the client
    private volatile boolean requestsEnded; // written by the thread that moves requests

    /** The planted faults of the proxy. */
    interface Faults {
        /** Returns the frame after all faults that rewrite it. */
        Frame rewritten(Frame frame);

        /** Returns the fault that strikes a frame, or null. */
        @Nullable
        FrameFault striking(Frame frame);
    }

    /** A request that was sent to the broker. */
    private record Awaited(Request request, boolean forClient) {}

    Link(Socket client, Socket broker, Faults faults) {
        this.client = client;
        this.broker = broker;
        this.faults = faults;
    }

    /** Moves requests until the client ends the connection; called by one thread. */
    void moveRequests() {
        move(client, Frame::ofRequest, frame -> toBroker(frame, true));
        clientGone = true;
        requestsEnded = true;
        closeIfDone();
    }

    /** Moves answers until the broker ends the connection; called by another thread. */
    void moveAnswers() {
        move(broker, this::answer, this::toClient);
        close();
    }

    private interface Parser {
        @Nullable
        Frame parse(byte[] bytes);
    }

    private interface Outlet {
        void pass(Frame frame) throws IOException;
    }

    private void move(Socket from, Parser parser, Outlet outlet) {
        try {
            var in = new DataInputStream(new BufferedInputStream(from.getInputStream(), 64 * 1024));
            var dropping = false;
            while (true) {
                var frame = parser.parse(next(in));
                if (frame != null && !dropping) {
                    dropping = !moveOne(faults.rewritten(frame), outlet);
                }
                closeIfDone();
            }
        } catch (IOException ended) {
            // The end of a connection is an IOException in any case; the caller ends the other side.
        }
    }

    private static byte[] next(DataInputStream in) throws IOException {
        var length = in.readInt();
        if (length < 0 || length > LONGEST_FRAME) {
            throw new IllegalStateException("a frame of " + length + " bytes: this is not Kafka's protocol");
        }
        var bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    /** Returns whether the frames after this one continue. */
    private boolean moveOne(Frame frame, Outlet outlet) throws IOException {
        var fault = faults.striking(frame);
        if (fault == null) {
            outlet.pass(frame);
            return true;
        }
        switch (fault.kind()) {
            case HOLD -> {
                fault.strike(frame, this);
                fault.awaitRelease(over);
                outlet.pass(frame);
            }
            case REPEAT -> {
                outlet.pass(frame);
                var unused = fault.released().thenRun(() -> repeat(frame, fault));
                fault.strike(frame, this);
                return true;
            }
            case CUT -> {
                fault.strike(frame, this);
                close();
                throw new EOFException("cut");
            }
            case DROP, REWRITE -> {
                fault.strike(frame, this);
                return false;
            }
        }
        fault.passed();
        return true;
    }

    private void repeat(Frame frame, FrameFault fault) {
        try {
            toBroker(frame, false);
            fault.passed();
        } catch (IOException closed) {
            throw new IllegalStateException("cannot repeat " + frame.request() + ": its connection is closed", closed);
        }
    }

    private void toBroker(Frame frame, boolean forClient) throws IOException {
        synchronized (awaited) {
            awaited.add(new Awaited(frame.request(), forClient));
            write(broker, frame.bytes());
        }
    }

    /** Returns the answer as a frame; null if the client does not wait for it. */
    private @Nullable Frame answer(byte[] bytes) {
        var correlationId = ByteBuffer.wrap(bytes).getInt();
        synchronized (awaited) {
            // Skips a produce request with acks=0, which has no answer.
            for (var next = awaited.poll(); next != null; next = awaited.poll()) {
                if (next.request().correlationId() == correlationId) {
                    return next.forClient() ? new Frame(Direction.ANSWER, next.request(), bytes) : null;
                }
            }
        }
        throw new IllegalStateException(
                "an answer with correlation id " + correlationId + " that no request waits for");
    }

    private void toClient(Frame frame) {
        if (clientGone) {
            return;
        }
        try {
            write(client, frame.bytes());
        } catch (IOException gone) {
            clientGone = true; // the frame held for the broker must still reach it
        }
    }

    private static void write(Socket to, byte[] bytes) throws IOException {
        OutputStream out = to.getOutputStream();
        var whole = ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes);
        out.write(whole.array());
    }

    /** Ends the client's side; the broker's side ends when the held requests are answered. */
    void disconnectClient() {
        clientGone = true;
        closeQuietly(client);
    }

    private void closeIfDone() {
        synchronized (awaited) {
            if (!requestsEnded || !awaited.isEmpty()) {
                return;
            }
        }
        closeQuietly(broker);
    }

    @Override
    public void close() {
        over.complete(null);
        closeQuietly(client);
        closeQuietly(broker);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // Ignore it: the socket is not used any more.
        }
    }
}
