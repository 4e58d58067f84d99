package io.seawall.node.http;

import io.seawall.node.ports.Owners;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The owner of every log, as the test says; time does not pass. Guarded by its monitor. */
public final class FakeOwners implements Owners {
    private final List<CompletableFuture<Owner>> waiting = new ArrayList<>();
    private Owner owner;
    private Duration limit = Duration.ZERO;

    public FakeOwners(Owner owner) {
        this.owner = owner;
    }

    public static Owner here() {
        return new Owner(Kind.HERE, "", "the log open on this node");
    }

    public static Owner elsewhere(String url) {
        return new Owner(Kind.ELSEWHERE, url, "the log open on node n2");
    }

    public static Owner unsettled(String url) {
        return new Owner(Kind.UNSETTLED, url, "that its owner, node n1, is gone");
    }

    public static Owner moving(String url) {
        return new Owner(Kind.MOVING, url, "that node n1 hands it over");
    }

    /** Sets the owner, and answers the callers that wait if it is settled. */
    public void is(Owner next) {
        List<CompletableFuture<Owner>> answered = List.of();
        synchronized (this) {
            owner = next;
            if (next.isSettled()) {
                answered = List.copyOf(waiting);
                waiting.clear();
            }
        }
        answered.forEach(waiter -> waiter.complete(next));
    }

    /** Lets the time of all who wait be over. */
    public void timeIsOver() {
        List<CompletableFuture<Owner>> answered;
        Owner known;
        synchronized (this) {
            known = owner;
            answered = List.copyOf(waiting);
            waiting.clear();
        }
        answered.forEach(waiter -> waiter.complete(known));
    }

    public synchronized int waiting() {
        return waiting.size();
    }

    /** Returns the limit of the last wait. */
    public synchronized Duration limit() {
        return limit;
    }

    @Override
    public synchronized Owner owner(PChannel pchannel) {
        return owner;
    }

    @Override
    public synchronized CompletableFuture<Owner> await(PChannel pchannel, Duration most) {
        limit = most;
        var waiter = new CompletableFuture<Owner>();
        if (owner.isSettled()) {
            waiter.complete(owner);
        } else {
            waiting.add(waiter);
        }
        return waiter;
    }
}
