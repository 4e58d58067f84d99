package io.seawall.node.http.exchange;

import io.seawall.node.http.pace.PaceWatch;
import io.seawall.node.http.pace.SlowClients;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A request whose answer is written while its body arrives. No thread waits. The body is read by one thread at a time; the methods
 * for the answer may come from any thread, one write at a time.
 *
 * <p>The answer may end before the body does. Then the rest of the body is read and dropped, for a bounded time, as
 * {@link BodyDiscard} says why.
 */
public final class Duplex {
    private final Exchange exchange;
    private final Request request;
    private final Response response;
    private final SlowClients slow;
    private final Reader reader;
    private final AtomicLong discarded = new AtomicLong();
    private State state = State.RUNNING; // this and the following fields are guarded by this
    private boolean again;
    private boolean discarding;
    private long watched = -1; // the unit that the watch is for
    private @Nullable PaceWatch watch;

    /** What the thread of the body does. */
    private enum State {
        /** It reads. */
        RUNNING,
        /** There is none until more of the body arrives. */
        AWAITED,
        /** There is none until it is called. */
        RESTING
    }

    /** Reads a body. */
    public interface Reader {
        /**
         * Reads what is there with {@link Duplex#read}. An exception ends the answer.
         *
         * @return whether to call again when more of the body arrives; if not, only after {@link Duplex#resume}
         */
        boolean read();

        /** Returns how many bytes are there of a unit of the body, such as a line, that is not complete; 0 between two units. */
        long unfinishedBytes();

        /** Returns how many units were complete. The client has the time of the slowest body for each of them. */
        long finishedUnits();

        /** The answer cannot be written: the client is gone or too slow. Called once at most. */
        void broken(Throwable why);
    }

    Duplex(Exchange exchange, Request request, Response response, SlowClients slow, Reader reader) {
        this.exchange = exchange;
        this.request = request;
        this.response = response;
        this.slow = slow;
        this.reader = reader;
    }

    /** Begins to read. Called once, by the thread that handles the request. */
    public void start() {
        loop();
    }

    /** Returns the next piece of the body, or null if there is none yet; for the reader alone. */
    public Content.@Nullable Chunk read() {
        return request.read();
    }

    /** Lets the reader read on that returned false. */
    public void resume() {
        synchronized (this) {
            if (state != State.RESTING) {
                again = true;
                return;
            }
            state = State.RUNNING;
        }
        request.getComponents().getExecutor().execute(this::loop);
    }

    private void loop() {
        while (!isDiscarding()) {
            boolean more;
            try {
                more = reader.read();
            } catch (RuntimeException e) {
                exchange.fail(e);
                more = false;
            }
            if (rests(more)) {
                if (more) {
                    request.demand(this::arrived);
                }
                return;
            }
        }
        discard();
    }

    private void arrived() {
        synchronized (this) {
            state = State.RUNNING;
        }
        loop();
    }

    private synchronized boolean isDiscarding() {
        return discarding;
    }

    /** Returns whether this thread ends here. */
    private synchronized boolean rests(boolean more) {
        if (discarding) {
            return false;
        }
        if (!more && again) {
            again = false;
            return false;
        }
        state = more ? State.AWAITED : State.RESTING;
        again = false;
        watch(more);
        return true;
    }

    /** Watches the pace while a unit is not complete. A reader that rests does not let the client send. */
    private void watch(boolean more) {
        var unit = reader.finishedUnits();
        if (watch != null && (!more || unit != watched)) {
            watch.stop();
            watch = null;
        }
        if (more && watch == null && reader.unfinishedBytes() > 0) {
            watched = unit;
            watch = slow.body(request, reader::unfinishedBytes);
            watch.start();
        }
    }

    /** Begins the answer. Called before the first write, unless {@link #refuse} is. */
    public void begin(int status, String contentType) {
        exchange.beginDuplex(status, contentType);
    }

    /** Writes a piece of the answer. The next write may come once it is {@code written}. */
    public void write(byte[] piece, Runnable written) {
        response.write(false, ByteBuffer.wrap(piece), Callback.from(written, this::broken));
    }

    /** Writes the last piece of the answer. */
    public void end(byte[] piece) {
        response.write(true, ByteBuffer.wrap(piece), Callback.from(this::discardRest, this::broken));
    }

    /** Answers with an error only; for an answer that has not begun. */
    public void refuse(HttpErrors.Answer answer) {
        exchange.beginDuplex(answer);
        end(answer.body(exchange.isPretty()));
    }

    /** Reads nothing more of the body, also not to drop it: it failed. */
    public void abandonBody() {
        discarded.set(BodyDiscard.MOST_BYTES);
    }

    private void broken(Throwable why) {
        synchronized (this) {
            if (watch != null) {
                watch.stop(); // the thread of the body may never come back to do it
            }
        }
        exchange.endDuplex(why);
        reader.broken(why);
    }

    private void discardRest() {
        synchronized (this) {
            discarding = true;
            if (watch != null) {
                watch.stop();
            }
            watch = slow.body(request, discarded::get);
            if (state == State.AWAITED) {
                watch.start();
            }
            if (state != State.RESTING) {
                return; // that thread continues, or the one that comes with more of the body
            }
            state = State.RUNNING;
        }
        request.getComponents().getExecutor().execute(this::loop);
    }

    private void discard() {
        while (discarded.get() < BodyDiscard.MOST_BYTES) {
            var chunk = request.read();
            if (chunk == null) {
                synchronized (this) {
                    if (watch != null) {
                        watch.start();
                    }
                }
                request.demand(this::discard);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                break;
            }
            discarded.addAndGet(chunk.remaining());
            var last = chunk.isLast();
            chunk.release();
            if (last) {
                break;
            }
        }
        synchronized (this) {
            if (watch != null) {
                watch.stop();
            }
        }
        exchange.endDuplex(null);
    }
}
