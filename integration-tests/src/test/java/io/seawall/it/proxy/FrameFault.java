package io.seawall.it.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.seawall.it.proxy.Frame.Direction;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A fault that hits one frame: the first, or the n-th, that matches. A fault strikes once, except {@link #rewrite}. Created
 * by the static methods, planted with {@link KafkaProxy#plant}. Thread-safe.
 *
 * <p>TCP has no gaps. So the frames after a held one on its connection wait with it, and those after a dropped one are
 * dropped too; other connections are not affected.
 */
public final class FrameFault {
    /** What happens to the frame. */
    enum Kind {
        HOLD,
        DROP,
        CUT,
        REPEAT,
        REWRITE
    }

    private static final Duration LONGEST_HOLD = Duration.ofMinutes(3);

    private final Kind kind;
    private final Direction direction;
    private final ApiKeys api;
    private final UnaryOperator<Frame> rewriting;
    private final AtomicInteger met = new AtomicInteger();
    private final AtomicInteger strikes = new AtomicInteger();
    private final CompletableFuture<Struck> struck = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final CompletableFuture<Void> passed = new CompletableFuture<>();

    private Predicate<Frame> which = frame -> true;
    private int occurrence = 1;
    private boolean everyTime;
    private Duration longestHold = LONGEST_HOLD;

    /** The frame that was hit, and its connection. */
    private record Struck(Frame frame, Link link) {}

    private FrameFault(Kind kind, Direction direction, ApiKeys api, UnaryOperator<Frame> rewriting) {
        this.kind = kind;
        this.direction = direction;
        this.api = api;
        this.rewriting = rewriting;
    }

    /**
     * Holds the frame until {@link #release}, for at most 3 minutes. The frame then goes to the broker even if the client's
     * connection has ended by then.
     */
    public static FrameFault hold(Direction direction, ApiKeys api) {
        return new FrameFault(Kind.HOLD, direction, api, UnaryOperator.identity());
    }

    /** Holds the frame for a time. */
    public static FrameFault delay(Direction direction, ApiKeys api, Duration time) {
        var fault = hold(direction, api);
        fault.longestHold = time;
        return fault;
    }

    /** Drops the frame; from then on the connection is silent in its direction. */
    public static FrameFault drop(Direction direction, ApiKeys api) {
        return new FrameFault(Kind.DROP, direction, api, UnaryOperator.identity());
    }

    /** Ends the connection on both sides instead of passing the frame. */
    public static FrameFault cut(Direction direction, ApiKeys api) {
        return new FrameFault(Kind.CUT, direction, api, UnaryOperator.identity());
    }

    /** Passes the request, and sends a copy of it to the broker at {@link #release}; drops the answer to the copy. */
    public static FrameFault repeat(ApiKeys api) {
        return new FrameFault(Kind.REPEAT, Direction.REQUEST, api, UnaryOperator.identity());
    }

    /** Replaces each frame that matches. */
    public static FrameFault rewrite(Direction direction, ApiKeys api, UnaryOperator<Frame> change) {
        return new FrameFault(Kind.REWRITE, direction, api, change);
    }

    /** Restricts the fault to frames for which this holds. Called before the fault is planted. */
    public FrameFault when(Predicate<Frame> condition) {
        which = which.and(condition);
        return this;
    }

    /** Restricts the fault to frames of clients whose name contains this. Called before the fault is planted. */
    public FrameFault ofClient(String namePart) {
        return when(frame -> frame.request().clientId().contains(namePart));
    }

    /** Restricts the fault to frames that contain this text. Called before the fault is planted. */
    public FrameFault carrying(String text) {
        return when(frame -> new String(frame.bytes(), ISO_8859_1).contains(text));
    }

    /** Hits the n-th frame that matches, counted from 1. Called before the fault is planted. */
    public FrameFault nth(int number) {
        occurrence = number;
        return this;
    }

    /** Every frame that fits is hit; one release lets all of them go. To be called before the fault is planted. */
    public FrameFault everyTime() {
        everyTime = true;
        return this;
    }

    Kind kind() {
        return kind;
    }

    /** Returns whether the fault strikes this frame; counts it if it matches. */
    boolean wants(Frame frame) {
        var fits = frame.direction() == direction
                && frame.request().apiKey() == api.id
                && (everyTime || !struck.isDone())
                && which.test(frame);
        return fits && (kind == Kind.REWRITE || everyTime || met.incrementAndGet() == occurrence);
    }

    Frame rewritten(Frame frame) {
        return rewriting.apply(frame);
    }

    void strike(Frame frame, Link link) {
        strikes.incrementAndGet();
        struck.complete(new Struck(frame, link));
    }

    /** Waits until the frame may continue, or the connection is over. */
    void awaitRelease(CompletableFuture<Void> over) {
        released.completeOnTimeout(null, longestHold.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture.anyOf(released, over).join();
    }

    CompletableFuture<Void> released() {
        return released;
    }

    void passed() {
        passed.complete(null);
    }

    /** Returns whether a frame was hit. */
    public boolean hasStruck() {
        return struck.isDone();
    }

    /** Returns how many frames were hit. */
    public int strikes() {
        return strikes.get();
    }

    /** Waits until a frame is hit; returns it. */
    public Frame awaitStruck(Duration bound) {
        return struck.orTimeout(bound.toMillis(), TimeUnit.MILLISECONDS).join().frame();
    }

    /** Lets the held frame, or the copy, continue; returns when it has been handed to the network. */
    public void release() {
        released.complete(null);
        passed.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Ends the client's side of the connection on which the frame was hit; the frame held for the broker is kept. */
    public void disconnectClient() {
        struck.orTimeout(10, TimeUnit.SECONDS).join().link().disconnectClient();
    }

    @Override
    public String toString() {
        return kind + " " + direction + " " + api + " #" + occurrence;
    }
}
