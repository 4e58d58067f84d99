package io.seawall.client.internal.rpc;

import io.seawall.client.log.Codes;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides which node to call next and how long to wait before: the owner that the last node named at once, otherwise the next
 * address with a pause that doubles. For one log, or one call. Made by any thread, and then used by the client's thread.
 */
public final class Route {
    private static final long FIRST_PAUSE_MS = 20;
    private static final int MOST_DOUBLINGS = 6;
    private static final long LONGEST_ASKED_PAUSE_MS = 5_000;

    /** How often an owner that a node names is called without a pause: two nodes may name each other. */
    private static final int MOST_HOPS = 3;

    private final Endpoints endpoints;
    private final RandomGenerator random;
    private int turn;
    private int attempts;
    private int hops;
    private @Nullable String address; // null until it is first needed

    /**
     * Creates a route. Does not use its parameters yet, since they are the client's thread's alone.
     *
     * @param endpoints the known nodes
     * @param random where to begin among them, and the jitter of pauses
     */
    public Route(Endpoints endpoints, RandomGenerator random) {
        this.endpoints = endpoints;
        this.random = random;
    }

    /** Returns the node to call. */
    public String address() {
        var known = address;
        if (known == null) {
            turn = random.nextInt(1 << 16);
            known = endpoints.at(turn);
            address = known;
        }
        return known;
    }

    /** Records that a call got what it asked for: later pauses begin short again. */
    public void succeeded() {
        attempts = 0;
        hops = 0;
    }

    /**
     * Records that a call failed.
     *
     * @return how long to wait before the next call, in milliseconds
     */
    public long failed(CallFailure failure) {
        var owner = failure.owner();
        if (owner != null) {
            endpoints.learn(owner);
        }
        var before = address();
        var next = before;
        if (owner != null && !owner.equals(before)) {
            address = owner;
            next = owner;
            if (hops < MOST_HOPS) {
                hops++;
                return 0;
            }
        } else if (!failure.error().is(Codes.OVERLOADED)) {
            turn++;
            next = endpoints.at(turn);
            address = next;
        }
        // A pause that a node asks for is for itself: another node may be called earlier.
        var asked = next.equals(before) && !failure.error().is(Codes.SHUTTING_DOWN) ? failure.retryAfterMs() : 0;
        return Math.max(pauseMs(), Math.min(asked, LONGEST_ASKED_PAUSE_MS));
    }

    /** Returns 20 ms, then twice as much each time up to 1.28 s, of which half is up to chance. */
    private long pauseMs() {
        var longest = FIRST_PAUSE_MS << Math.min(attempts, MOST_DOUBLINGS);
        attempts++;
        return longest / 2 + random.nextLong(longest / 2 + 1);
    }
}
