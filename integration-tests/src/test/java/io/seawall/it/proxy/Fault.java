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
 * What happens to one frame: the first, or n-th, that fits. A fault strikes once, except {@link #rewrite}. Made by the static
 * methods, planted with {@link KafkaProxy#plant}; may be used from any thread.
 *
 * <p>TCP has no gaps. So what is behind a held frame on its connection waits with it, and what is behind a dropped one is dropped
 * too; other connections go on.
 */
public final class Fault {
    /** What is done with the frame. */
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

    /** The frame that was hit, and where. */
    private record Struck(Frame frame, Link link) {}

    private Fault(Kind kind, Direction direction, ApiKeys api, UnaryOperator<Frame> rewriting) {
        this.kind = kind;
        this.direction = direction;
        this.api = api;
        this.rewriting = rewriting;
    }

    /**
     * The frame waits until {@link #release}, for 3 minutes at the most, and goes to the broker even if the client's connection
     * has ended by then.
     */
    public static Fault hold(Direction direction, ApiKeys api) {
        return new Fault(Kind.HOLD, direction, api, UnaryOperator.identity());
    }

    /** The frame waits for a time. */
    public static Fault delay(Direction direction, ApiKeys api, Duration time) {
        var fault = hold(direction, api);
        fault.longestHold = time;
        return fault;
    }

    /** The frame gets lost, and the connection is silent in its direction from then on. */
    public static Fault drop(Direction direction, ApiKeys api) {
        return new Fault(Kind.DROP, direction, api, UnaryOperator.identity());
    }

    /** The connection ends, on both sides, in place of the frame. */
    public static Fault cut(Direction direction, ApiKeys api) {
        return new Fault(Kind.CUT, direction, api, UnaryOperator.identity());
    }

    /** The request passes; a copy of it reaches the broker at {@link #release}, whose answer nobody sees. */
    public static Fault repeat(ApiKeys api) {
        return new Fault(Kind.REPEAT, Direction.REQUEST, api, UnaryOperator.identity());
    }

    /** Each frame that fits is replaced. */
    public static Fault rewrite(Direction direction, ApiKeys api, UnaryOperator<Frame> change) {
        return new Fault(Kind.REWRITE, direction, api, change);
    }

    /** Only frames for which this holds fit. To be called before the fault is planted. */
    public Fault when(Predicate<Frame> condition) {
        which = which.and(condition);
        return this;
    }

    /** Only frames of clients with this in their name fit. To be called before the fault is planted. */
    public Fault ofClient(String namePart) {
        return when(frame -> frame.request().clientId().contains(namePart));
    }

    /** Only frames with this text somewhere in them fit. To be called before the fault is planted. */
    public Fault carrying(String text) {
        return when(frame -> new String(frame.bytes(), ISO_8859_1).contains(text));
    }

    /** The n-th frame that fits is hit, counted from 1. To be called before the fault is planted. */
    public Fault nth(int number) {
        occurrence = number;
        return this;
    }

    /** Every frame that fits is hit; one release lets all of them go. To be called before the fault is planted. */
    public Fault everyTime() {
        everyTime = true;
        return this;
    }

    Kind kind() {
        return kind;
    }

    /** Whether the fault is to strike this frame; counts it if it fits. */
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

    /** Waits until the frame may go on, or the connection is over. */
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

    /** Whether the frame came and was hit. */
    public boolean hasStruck() {
        return struck.isDone();
    }

    /** How many frames were hit. */
    public int strikes() {
        return strikes.get();
    }

    /** Waits until the frame came and was hit; gives it. */
    public Frame awaitStruck(Duration bound) {
        return struck.orTimeout(bound.toMillis(), TimeUnit.MILLISECONDS).join().frame();
    }

    /** Lets the held frame, or the copy, go on; returns when it has been handed to the network. */
    public void release() {
        released.complete(null);
        passed.orTimeout(10, TimeUnit.SECONDS).join();
    }

    /** Ends the client's side of the connection that the frame was hit on; what is held for the broker is kept. */
    public void disconnectClient() {
        struck.orTimeout(10, TimeUnit.SECONDS).join().link().disconnectClient();
    }

    @Override
    public String toString() {
        return kind + " " + direction + " " + api + " #" + occurrence;
    }
}
